"""The connection to a Neo4j server, and its refusals in our words. The one place that opens a driver."""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg import __version__
from kg.errors import ServerError

if TYPE_CHECKING:
    import neo4j

__all__ = ["Server"]

_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
_MISSING = "install it: pip install 'kg[neo4j]'"
# What the server's codes and the driver's exceptions mean, and what to do; {uri}, {user} and {database} are filled in.
_SAID = {
    "AuthError": ("{uri}: user or password is wrong, for user {user!r}", "set NEO4J_USER and NEO4J_PASSWORD"),
    "Neo.ClientError.Security.AuthenticationRateLimit": (
        "{uri}: too many wrong passwords, for user {user!r}",
        "wait some seconds, then give the right one in NEO4J_PASSWORD",
    ),
    "Neo.ClientError.Security.CredentialsExpired": (
        "{uri}: the password of user {user!r} has to be changed first",
        "in cypher-shell: ALTER CURRENT USER SET PASSWORD FROM 'old' TO 'new'",
    ),
    "Neo.ClientError.Security.Forbidden": (
        "{uri}: user {user!r} may not do this",
        "take a user that may write, and make indexes and constraints",
    ),
    "Neo.ClientError.Database.DatabaseNotFound": (
        "{uri}: no database {database!r}",
        "leave --database out for the server's own; SHOW DATABASES lists them",
    ),
    "Neo.TransientError.General.DatabaseUnavailable": (
        "{uri}: database {database!r} is not available",
        "start it, or wait until it is online, then run the same command again",
    ),
    "Neo.ClientError.Cluster.NotALeader": (
        "{uri}: this member of the cluster only reads",
        "write neo4j:// in place of bolt://, which finds the one that writes",
    ),
}


@dataclass(frozen=True, slots=True)
class Server:
    """Where a Neo4j server is and who asks. The password is in no repr and no message.

    `database` None is the server's default. An empty `password` is for a server that asks for none. A transaction that
    fails because the server is busy, locked or gone is tried again for `patience` seconds.
    """

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str | None = None
    patience: float = 30.0

    def __post_init__(self) -> None:
        shown = re.sub(r"//[^/]*@", "//", self.uri)  # no password in a message
        try:
            parts = urlsplit(self.uri)
            _ = parts.port
        except ValueError as e:
            raise ServerError(f"{shown}: {e}", remedy="write it like bolt://localhost:7687") from e
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ServerError(
                f"{shown or 'an empty text'} is no address of a Neo4j server",
                remedy="write it like bolt://localhost:7687",
            )
        if parts.username is not None or parts.password is not None:
            raise ServerError(
                f"{shown}: a user or password stands in the address", remedy="set NEO4J_USER and NEO4J_PASSWORD instead"
            )

    @classmethod
    def from_env(
        cls,
        uri: str | None = None,
        user: str | None = None,
        *,
        password: str | None = None,
        database: str | None = None,
        patience: float = 30.0,
    ) -> Server:
        """What is not given comes from NEO4J_URI, NEO4J_USER (else neo4j), NEO4J_PASSWORD and NEO4J_DATABASE.

        Raises ServerError where there is no address, it is none of Neo4j's, or there is no password.
        """
        uri = uri or os.environ.get("NEO4J_URI")
        if not uri:
            raise ServerError("no address of a Neo4j server", remedy="give --uri bolt://HOST:7687 or set NEO4J_URI")
        if password is None:
            password = os.environ.get("NEO4J_PASSWORD")
        if password is None:
            raise ServerError(
                "no password for the Neo4j server", remedy="set NEO4J_PASSWORD; empty where it needs none"
            )
        user = user or os.environ.get("NEO4J_USER") or "neo4j"
        return cls(uri, user, password, database or os.environ.get("NEO4J_DATABASE") or None, patience)

    @contextlib.contextmanager
    def session(self, *, write: bool = False) -> Iterator[neo4j.Session]:
        """A session of the official driver, once server, user, password and database are known to be right.

        Whatever the driver raises inside the block and the block does not catch comes out as ServerError, one line
        with what to do. Closed when the block ends.
        """
        try:
            import neo4j
            from neo4j.exceptions import DriverError, Neo4jError
        except ImportError as e:
            raise ServerError("the driver for Neo4j is not installed", remedy=_MISSING) from e
        logging.getLogger("neo4j").addHandler(logging.NullHandler())  # else its warnings land on standard error
        mode = neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS
        try:
            with (
                neo4j.GraphDatabase.driver(
                    self.uri,
                    auth=(self.user, self.password) if self.password else None,
                    user_agent=f"kg/{__version__}",
                    connection_timeout=10.0,
                    max_transaction_retry_time=self.patience,
                    notifications_min_severity="OFF",
                    telemetry_disabled=True,
                ) as driver,
                driver.session(database=self.database, default_access_mode=mode) as session,
            ):
                session.run("RETURN 1").consume()
                yield session
        except (DriverError, Neo4jError) as e:
            raise self._error(e) from e
        except (OSError, ValueError) as e:
            if isinstance(e, ValueError) and "resolve" not in str(e):
                raise
            raise self._gone(e) from e

    def _error(self, e: Exception) -> ServerError:
        """What the driver raised, in our words."""
        code = str(getattr(e, "code", None) or "")
        for name in (code, *(c.__name__ for c in type(e).__mro__)):
            if name in _SAID:
                what, remedy = (
                    text.format(uri=self.uri, user=self.user, database=self.database or "neo4j") for text in _SAID[name]
                )
                return ServerError(what, remedy=remedy)
        if not code:
            return self._gone(e)
        if "OutOfMemory" in code:
            return ServerError(
                f"{self.uri}: the server has too little memory: {_line(e)}",
                remedy="give it more (server.memory.heap.max_size), then run the same command again",
            )
        return ServerError(f"{self.uri}: {_line(e)} [{code}]")

    def _gone(self, e: Exception) -> ServerError:
        return ServerError(
            f"{self.uri}: no Neo4j server answers: {_line(e)}",
            remedy="see that it runs and that the address is right, then run the same command again",
        )


def _line(e: Exception) -> str:
    """The first line of a message; a refusal is said after it."""
    text = str(getattr(e, "message", None) or e)
    lines = text.splitlines() or [type(e).__name__]
    return lines[0].rstrip(": ")
