"""Tables that go on on the next page, told by what the pages show. Standard library only."""
