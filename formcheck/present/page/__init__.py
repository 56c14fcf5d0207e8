"""The report as one HTML file that opens from disk and asks the network for nothing.

`formcheck.present.page.render` writes it; the other modules prepare what it shows.
"""
