"""Texts and what stands in their way: the A2P checker, sending, Twilio's events, and every error explained."""
