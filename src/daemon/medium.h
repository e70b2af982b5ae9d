// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* Answers what the administrator asks about media: the registered ones, their ledger, what was
 * released to be written, and receipts that came back. */
void medium_connect (Service *self);

/* The same of putting a bundle together, and of its release. */
void medium_release_connect (Service *self);
