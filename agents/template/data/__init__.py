"""What sites talk about, as data: topics of life and work, and the kinds of lists that hold them."""
