// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

struct _MdLedgerRefusals
{
  MdAudit *audit;
  MdAuditGate *known;     /* of peers that have a name */
  MdAuditGate *strangers; /* of all others; theirs is another allowance */
};

MdLedgerRefusals *
_md_ledger_refusals_new (MdAudit *audit)
{
  MdLedgerRefusals *self = g_new0 (MdLedgerRefusals, 1);

  self->audit = audit;
  self->known = md_audit_gate_new (audit, md_clock_get_system ());
  self->strangers = md_audit_gate_new (audit, md_clock_get_system ());
  return self;
}

void
_md_ledger_refusals_free (MdLedgerRefusals *self)
{
  if (self == NULL)
    return;
  md_audit_gate_free (self->known);
  md_audit_gate_free (self->strangers);
  g_free (self);
}

gboolean
_md_ledger_refusals_note (MdLedgerRefusals *self, const char *peer, const MdAuditEntry *entry,
                          const char *cause, gboolean *out_recorded, GError **error)
{
  MdAuditGate *gate = peer != NULL ? self->known : self->strangers;

  *out_recorded = md_audit_gate_admit (gate, peer, entry, cause);
  return !*out_recorded || md_audit_record_now (self->audit, entry, error);
}

gboolean
_md_ledger_refusals_settle (MdLedgerRefusals *self, gboolean all, GError **error)
{
  gboolean (*settle) (MdAuditGate *, GError **)
      = all ? md_audit_gate_settle_all : md_audit_gate_settle;

  return settle (self->known, error) && settle (self->strangers, error);
}
