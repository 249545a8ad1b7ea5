"""An answer is sent as soon as it is there."""

from __future__ import annotations

import asyncio
import socket

from imgtool.web.server import bound


def test_connections_do_not_wait_for_more_to_send() -> None:
    async def nodelay() -> int:
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def met(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            told.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with bound() as where:
            server = await asyncio.start_server(met, sock=where)
            async with server:
                _, writer = await asyncio.open_connection(*where.getsockname())
                writer.close()
                return await told

    assert asyncio.run(nodelay())
