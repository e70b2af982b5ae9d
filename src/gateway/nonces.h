// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-ledger.h>
#include <md-protocol.h>

G_BEGIN_DECLS

/* The gateway's nonces (their form: md-nonce.h). The keys lie in the ledger, so that every gateway
 * on one ledger verifies what any of them made, also weeks later, when an offline terminal comes
 * back; a key makes nonces for NONCES_KEY_DAYS and verifies for ever. */
#define NONCES_KEY_DAYS 30

typedef struct _Nonces Nonces;

/* Reads the keys of @ledger (borrowed, must outlive it), and makes the first. Returns: (transfer
 * full). */
Nonces *nonces_open (MdLedger *ledger, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nonces_free (Nonces *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Nonces, nonces_free)

/* A nonce for this terminal, made at @now (microseconds); a new key first when the last has had its
 * time. Returns: (transfer full). */
GBytes *nonces_make (Nonces *self, const char *office, const char *terminal,
                     gint64 now) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  NONCES_OURS,    /* made here for this terminal */
  NONCES_FOREIGN, /* made here for another terminal */
  NONCES_FORGED,  /* not made here */
  NONCES_UNKNOWN, /* the ledger could not be asked: try again */
} NoncesCheck;

/* Whose nonce it is; *@out_made (microseconds) for NONCES_OURS alone. */
NoncesCheck nonces_check (Nonces *self, const char *office, const char *terminal, GBytes *nonce,
                          gint64 *out_made) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
