"""What can be read about the system without its code: schemas of events, OpenAPI, AsyncAPI; made from the code."""
