"""The graph explorer: its page and the addresses it fetches from."""
