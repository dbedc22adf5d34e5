"""What the system tests share: servers, programs, and how to talk to them."""
