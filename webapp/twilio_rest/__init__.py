"""The one way in which Handoff asks Twilio's REST API; never used while a caller waits for a document."""
