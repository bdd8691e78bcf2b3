"""Run the commands about people: add somebody who may log in, list, disable, give a role or a new password."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ..city.spec import City, read_city
from ..errors import BrokenGeodata, CityatlasError, UnknownAccount
from ..settings import Settings
from ..store import Store, open_store
from ..store.people import accounts, second_factors
from ..store.people.accounts import ROLES, Account, NewAccount, Role
from .city import GEODATA, city_settings

ROLE = click.Choice(ROLES)
LAYERS = click.option("--layers", metavar="A,B", default="", help="What an editor may publish (default: all layers).")
INVITE = click.option("--invite", is_flag=True, help="Print a link by which they choose it, instead of asking for one.")


@click.group()
def user() -> None:
    """Care for the accounts of staff.

    \b
    Examples:
      cityatlas user add li.wei --role admin            asks for a password, twice
      cityatlas user add zhou --role editor --invite    prints a link that works once
      cityatlas user disable zhou                       logs zhou out everywhere
    """


@user.command()
@click.argument("login", metavar="NAME")
@click.option(
    "--role", type=ROLE, required=True, help="contributor drafts, editor publishes, admin also cares for accounts."
)
@click.option("--name", default="", help="Name that colleagues see (default: the login name).")
@LAYERS
@INVITE
@GEODATA
def add(login: str, role: Role, name: str, layers: str, invite: bool, geodata: Path | None) -> None:
    """Add somebody who may log in with the login name NAME."""
    with _failing():
        settings, city, store = _open(geodata)
        new = NewAccount(login, role, name, _known_layers(layers, city))
        hashed = None if invite else _ask_password([login, name], city)
        account = accounts.add_account(store, new)
        click.echo(f"{account.login}: {account.role} of {city.id}.")
        if hashed:
            accounts.set_password(store, account.login, hashed)
        else:
            _print_link(store, settings, account)


@user.command("list")
@GEODATA
def list_all(geodata: Path | None) -> None:
    """List all accounts."""
    with _failing():
        store = _open(geodata, is_output_data=True)[2]
        found = accounts.all_accounts(store) if store.exists() else []
        factors = second_factors.with_factor(store) if found else frozenset[int]()
    for account in found:
        told = " (second factor)" if account.id in factors else ""
        click.echo(f"{account.login:<20} {account.role:<12} {_state(account):<12} {account.display_name}{told}")
    click.echo(f"{len(found)} account{'s' if len(found) != 1 else ''}.")


@user.command()
@click.argument("login", metavar="NAME")
@GEODATA
def disable(login: str, geodata: Path | None) -> None:
    """Keep somebody out and end their sessions; what they wrote stays."""
    with _failing():
        account = accounts.set_active(_existing(_open(geodata)[2]), login, is_active=False)
    click.echo(f"{account.login}: disabled and logged out everywhere.")


@user.command()
@click.argument("login", metavar="NAME")
@GEODATA
def enable(login: str, geodata: Path | None) -> None:
    """Let somebody in again who was disabled."""
    with _failing():
        account = accounts.set_active(_existing(_open(geodata)[2]), login, is_active=True)
    click.echo(f"{account.login}: enabled.")


@user.command()
@click.argument("login", metavar="NAME")
@click.argument("role", type=ROLE)
@LAYERS
@GEODATA
def role(login: str, role: Role, layers: str, geodata: Path | None) -> None:
    """Give somebody another role, at once."""
    with _failing():
        _, city, store = _open(geodata)
        account = accounts.set_role(_existing(store), login, role, _known_layers(layers, city))
    click.echo(f"{account.login}: {account.role}.")


@user.command()
@click.argument("login", metavar="NAME")
@INVITE
@GEODATA
def password(login: str, invite: bool, geodata: Path | None) -> None:
    """Give somebody a new password and end their sessions; or print a link by which they choose one."""
    with _failing():
        settings, city, store = _open(geodata)
        account = accounts.find_account(_existing(store), login)
        if account is None:
            raise UnknownAccount(f'There is no account "{login}".', "See `cityatlas user list`.")
        if invite:
            _print_link(store, settings, account)
        else:
            hashed = _ask_password([account.login, account.display_name], city)
            accounts.set_password(store, account.login, hashed)
            click.echo(f"{account.login}: has a new password and is logged out everywhere.")


@user.command("second-factor")
@click.argument("login", metavar="NAME")
@click.option("--reset", is_flag=True, required=True, help="Take it away: the phone is lost, and the codes too.")
@GEODATA
def second_factor(login: str, reset: bool, geodata: Path | None) -> None:
    """Take a lost second factor from somebody and end their sessions."""
    with _failing():
        store = _existing(_open(geodata)[2])
        account = accounts.end_sessions(store, login)
        second_factors.turn_off(store, account)
    click.echo(f"{account.login}: has no second factor any more and is logged out everywhere.")


@user.command("require-second-factor")
@click.argument("of_whom", metavar="WHOM", type=click.Choice(second_factors.REQUIRED))
@GEODATA
def require_second_factor(of_whom: second_factors.Required, geodata: Path | None) -> None:
    """Require a second factor of all, of admins, or of none: WHOM."""
    with _failing():
        second_factors.require(_existing(_open(geodata)[2]), of_whom)
    click.echo(f"A second factor is required of {of_whom}.")


def _ask_password(known: list[str], city: City) -> str:
    """Ask on the terminal until a password is good enough, and return its hash; it is never shown or passed on."""
    while True:
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt="Password again")
        try:
            accounts.check_password(typed, [*known, city.id, *city.title.values(), "cityatlas"])
        except CityatlasError as error:
            if not sys.stdin.isatty():
                raise
            click.echo(f"{error.message} {error.hint}", err=True)
        else:
            return accounts.hash_password(typed)


def _print_link(store: Store, settings: Settings, account: Account) -> None:
    site = settings.public_url or f"http://{settings.host}:{settings.port}"
    click.echo("This link works once, for 72 hours. Whoever has it can set the password:")
    click.echo(f"{site}/staff/welcome/{accounts.invite(store, account.login)}")


def _state(account: Account) -> str:
    if not account.is_active:
        return "disabled"
    return "active" if account.password_hash else "invited"


def _known_layers(text: str, city: City) -> tuple[str, ...] | None:
    """Return the layers of a list with commas, None for an empty one."""
    chosen = tuple(part.strip() for part in text.split(",") if part.strip())
    for layer in chosen:
        if city.layer(layer) is None:
            known = ", ".join(spec.id for spec in city.layers)
            raise click.BadParameter(f'there is no layer "{layer}"; there are {known}', param_hint="--layers")
    return chosen or None


def _open(geodata: Path | None, *, is_output_data: bool = False) -> tuple[Settings, City, Store]:
    settings = city_settings(geodata, is_output_data=is_output_data)
    city = read_city(settings.geodata)
    return settings, city, open_store(settings.database_url, settings.var, city.id)


def _existing(store: Store) -> Store:
    """Return the store, if anybody was ever added to it."""
    if not store.exists():
        raise UnknownAccount("There are no accounts yet.", "Add the first: cityatlas user add NAME --role admin")
    return store


@contextmanager
def _failing() -> Iterator[None]:
    """End a command with one sentence when one of our errors is raised in it."""
    try:
        yield
    except BrokenGeodata as error:
        raise click.ClickException("\n".join(map(str, error.faults))) from None
    except CityatlasError as error:
        raise click.ClickException(f"{error.message} {error.hint}".strip()) from None
