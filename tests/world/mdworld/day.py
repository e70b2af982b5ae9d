# SPDX-License-Identifier: Apache-2.0
"""Days are those of the counter: between midnight in Tokyo and midnight in Greenwich they are not the same."""

import datetime

TOKYO = datetime.timezone(datetime.timedelta(hours=9))


def at_the_counter(moment=None):
    """The counter's day at this moment, or now."""
    return (moment or datetime.datetime.now(TOKYO)).astimezone(TOKYO).date()


def era(year):
    """The year as people write it: R8."""
    return f'R{year - 2018}'


def written(day):
    """The day as people write it: R8.11.1."""
    return f'{era(day.year)}.{day.month}.{day.day}'


def age_on(birth, day):
    """Birthdays that a person born then has had by this day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
