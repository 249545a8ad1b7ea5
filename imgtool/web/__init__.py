"""Pages on this machine's own address: one look, one door. `review` is an app of its own, others may follow.

door    who may come in: Host, Origin, token, and the headers that every answer wears
page    templates to HTML, everything foreign escaped
asked   what a browser sends, bounded and checked
server  a free port on 127.0.0.1, quietly
album   what check and dedupe found, as one file
"""
