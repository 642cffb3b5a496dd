"""Makes what the engine's fitted parts weigh with. Nothing here is needed to run the product."""
