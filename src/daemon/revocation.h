// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* The lists of revoked certificates: fetched from where the policy says, ahead of time, kept in the
 * folder that the window reads. One number never goes back. Main thread; the transfers have threads
 * of their own. */

Revocation *revocation_new (Service *service) G_GNUC_WARN_UNUSED_RESULT;
void revocation_free (Revocation *self);

/* A policy came: whose lists count, and where they are fetched. */
void revocation_adopt (Revocation *self);

/* Fetches what is due. Call it often. */
void revocation_tick (Revocation *self);

/* All sources are due now. CALL is answered when each has been tried. */
void revocation_fetch (Revocation *self, GDBusMethodInvocation *call);

/* A list that somebody brings. FALSE only when it cannot be written. */
gboolean revocation_add (Revocation *self, GBytes *list, MdCrlOffer *out_offer, GError **error);

/* aa{sv}, as Health tells them. Floating. */
GVariant *revocation_list (Revocation *self);
GVariant *revocation_list_sources (Revocation *self);

/* What somebody should see to, in a sentence; NULL when there is nothing. */
char *revocation_dup_attention (Revocation *self);
