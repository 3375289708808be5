"""The Twilio numbers of the account: what they point at, connecting them, and the doctor."""
