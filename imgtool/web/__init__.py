"""Pages and interfaces on this machine's own address: one look, one door. `review` and `serve` are the apps.

door      who may come in: Host, Origin, token
guard     the door before an app, and the headers that every answer wears
entry     the token of the printed address against a cookie
page      templates to HTML, everything foreign escaped
asked     what a browser sends, bounded and checked
server    a port on 127.0.0.1, or where a person asks for it, quietly
patience  connections that do not get to the end of their head are closed
album     what check and dedupe found, as one file
"""
