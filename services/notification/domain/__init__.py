"""What notification decides: who is told of what (rules, desks), and what became of each message (ledger)."""
