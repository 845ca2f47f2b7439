"""Read the plan as tables: which city holds which role, which sectors touch which city."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from data.loader import Province
from data.model import Plan, Role


def roles_of(plan: Plan, city_adcode: int) -> tuple[Role, ...]:
    """Return the roles that the plan gives to a city, in the plan's order."""
    return tuple(role for role in plan.roles if city_adcode in role.cities)


def cities_with_role(plan: Plan, roles: Iterable[str]) -> frozenset[int]:
    """Return the adcodes of the cities that hold at least one of the roles (ids)."""
    wanted = set(roles)
    return frozenset(city for role in plan.roles if role.id in wanted for city in role.cities)


def cities_of_sectors(plan: Plan, sectors: Iterable[str]) -> frozenset[int]:
    """Return the adcodes of the cities that hold a role that concerns one of the sectors (ids)."""
    wanted = set(sectors)
    concerned = (role.id for role in plan.roles if wanted & set(role.sectors))
    return cities_with_role(plan, concerned)


def role_membership(province: Province) -> pd.DataFrame:
    """Tell which city holds which role.

    Returns a boolean table: one row a city (index: adcode), one column a role id.
    """
    cities = province.cities.index
    return pd.DataFrame(
        {role.id: cities.isin(role.cities) for role in province.plan.roles}, index=cities
    )


def sector_membership(province: Province) -> pd.DataFrame:
    """Tell which sectors the plan's roles concern in which city.

    Returns a boolean table: one row a city (index: adcode), one column a sector id. A true
    cell says that the city holds a role that concerns the sector; where a role concerns
    several sectors, the plan does not say which of them is meant for which city.
    """
    roles = role_membership(province)
    return pd.DataFrame(
        {
            sector.id: roles[
                [role.id for role in province.plan.roles if sector.id in role.sectors]
            ].any(axis="columns")
            for sector in province.plan.sectors
        },
        index=roles.index,
    )


def hub_cities(province: Province) -> tuple[int, ...]:
    """Return the adcodes of the cities that hold the plan's hub role; none where it has none."""
    hub = province.plan.hub
    return hub.cities if hub else ()
