"""The files behind documents: what may come in (`look`, run by `child`), and where it is kept (`shelf`)."""
