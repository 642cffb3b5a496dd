"""What a table is: a grid of cells with their places in the source image. Standard library only."""
