"""What the demo consists of: people.toml, conversations/*.txt and the modules that read them."""
