# SPDX-License-Identifier: Apache-2.0
"""Days are those of the counter: between midnight in Tokyo and midnight in Greenwich they are not the same."""

import datetime

TOKYO = datetime.timezone(datetime.timedelta(hours=9))


def at_the_counter(moment=None):
    """The counter's day at this moment, or now."""
    return (moment or datetime.datetime.now(TOKYO)).astimezone(TOKYO).date()
