// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LEDGER_INSIDE) && !defined(MD_LEDGER_COMPILATION)
#error "Only <md-ledger.h> can be included directly."
#endif

#include <md-ledger-store.h>

G_BEGIN_DECLS

/* Which policy a terminal says that it has in force. */
struct _MdLedgerInForce
{
  char *office, *terminal;
  guint version; /* 0: it never named one that is known here */
  gint64 since;  /* when it said so first, microseconds */
  gint64 seen;   /* and last, give or take ten minutes */
  guint highest; /* the newest that it ever said; above its version: a backup was put back */
  guint refused; /* the version that it was sent and did not take, or 0 */
  char *cause;   /* why not, one word; "" */
};

void md_ledger_in_force_free (MdLedgerInForce *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLedgerInForce, md_ledger_in_force_free)

/* A terminal says which policy it has in force (a version of 0: it names none that is known), and
 * which one it refused and why: of @told office, terminal, version, refused, cause, and seen as the
 * time now, are read. What is news is stored with its audit record ("acknowledge": done; failed
 * where it is older than what the terminal had; refused) in one durable transaction. */
gboolean md_ledger_tell_in_force (MdLedger *self, const MdLedgerInForce *told,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What each terminal said last, by its name. Returns: (transfer full) (element-type
 * MdLedgerInForce). */
GPtrArray *md_ledger_list_in_force (MdLedger *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
