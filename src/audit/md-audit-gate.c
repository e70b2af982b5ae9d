// SPDX-License-Identifier: Apache-2.0
#include "md-audit-gate.h"

#define NS_PER_S G_GINT64_CONSTANT (1000000000)
#define MOST_COUNTED 9999999u /* longer rows of digits do not stand in a detail */

/* An allowance in one number: the moment at which it would be whole again. */
typedef struct
{
  gint64 whole_ns;
} Allowance;

/* Refusals of one kind. */
typedef struct
{
  char *key;
  char *peer;
  char *event;
  char *cause;
  MdAuditOutcome outcome;
  char *staff;
  char *staff_name;
  char *department;
  Allowance allowance;
  guint more; /* counted and not yet recorded */
  gint64 first_us, last_us;
  gint64 closes_ns;
  gint64 window_s;
} Kind;

struct _MdAuditGate
{
  MdAudit *audit;
  MdClock *clock;
  GHashTable *kinds;  /* key -> Kind */
  Kind *others;       /* what found no room */
  Allowance total;    /* of callers for whom no officer stands */
  Allowance officers; /* of officers, so that nobody else's flood hides what they did */
};

static void
kind_free (gpointer data)
{
  Kind *kind = data;

  g_free (kind->key);
  g_free (kind->peer);
  g_free (kind->event);
  g_free (kind->cause);
  g_free (kind->staff);
  g_free (kind->staff_name);
  g_free (kind->department);
  g_free (kind);
}

static Kind *
kind_new (const char *key, const char *peer, const MdAuditEntry *entry, const char *cause)
{
  Kind *kind = g_new0 (Kind, 1);

  kind->key = g_strdup (key);
  kind->peer = g_strdup (peer);
  kind->event = g_strdup (entry->event);
  kind->cause = g_strdup (cause);
  kind->outcome = entry->outcome;
  kind->staff = g_strdup (entry->staff);
  kind->staff_name = g_strdup (entry->staff_name);
  kind->department = g_strdup (entry->department);
  kind->window_s = MD_AUDIT_GATE_WINDOW_S;
  return kind;
}

MdAuditGate *
md_audit_gate_new (MdAudit *audit, MdClock *clock)
{
  const MdAuditEntry nothing = { .event = "call", .outcome = MD_AUDIT_REFUSED };
  MdAuditGate *self = g_new0 (MdAuditGate, 1);

  self->audit = audit;
  self->clock = g_object_ref (clock);
  self->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, kind_free);
  self->others = kind_new ("", NULL, &nothing, "various");
  return self;
}

void
md_audit_gate_free (MdAuditGate *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->kinds);
  kind_free (self->others);
  g_object_unref (self->clock);
  g_free (self);
}

static gboolean
has_room (const Allowance *allowance, gint64 now, gint64 burst, gint64 interval_s)
{
  return allowance->whole_ns - now <= (burst - 1) * interval_s * NS_PER_S;
}

static void
spend (Allowance *allowance, gint64 now, gint64 interval_s)
{
  allowance->whole_ns = MAX (allowance->whole_ns, now) + interval_s * NS_PER_S;
}

static Allowance *
total_of (MdAuditGate *self, const char *staff)
{
  return staff != NULL ? &self->officers : &self->total;
}

static gboolean
is_forgettable (gpointer key, gpointer value, gpointer data)
{
  const Kind *kind = value;
  const gint64 *now = data;

  return kind->more == 0 && kind->allowance.whole_ns <= *now;
}

static Kind *
find_kind (MdAuditGate *self, const char *peer, const MdAuditEntry *entry, const char *cause,
           gint64 now)
{
  g_autofree char *key = g_strdup_printf ("%s %s %s %s %s", peer != NULL ? peer : "", entry->event,
                                          md_audit_outcome_to_string (entry->outcome), cause,
                                          entry->staff != NULL ? entry->staff : "");
  Kind *kind = g_hash_table_lookup (self->kinds, key);
  /* Nobody's kinds leave room for those of officers, of whom there are few. */
  const guint most = entry->staff != NULL ? 2 * MD_AUDIT_GATE_MAX_KINDS : MD_AUDIT_GATE_MAX_KINDS;

  if (kind != NULL)
    return kind;
  if (g_hash_table_size (self->kinds) >= most)
    g_hash_table_foreach_remove (self->kinds, is_forgettable, &now);
  if (g_hash_table_size (self->kinds) >= most)
    return self->others;
  kind = kind_new (key, peer, entry, cause);
  g_hash_table_insert (self->kinds, kind->key, kind);
  return kind;
}

static void
count (Kind *kind, guint more, gint64 first_us, gint64 last_us, gint64 now)
{
  if (kind->more == 0)
    {
      kind->first_us = first_us;
      kind->closes_ns = now + kind->window_s * NS_PER_S;
    }
  kind->last_us = last_us;
  kind->more = MIN (kind->more + more, MOST_COUNTED);
}

static void
count_one (MdAuditGate *self, Kind *kind, gint64 now)
{
  const gint64 wall = md_clock_get_wall_us (self->clock);

  count (kind, 1, wall, wall, now);
}

void
md_audit_gate_count (MdAuditGate *self, const char *peer, const MdAuditEntry *entry,
                     const char *cause)
{
  const gint64 now = md_clock_get_monotonic_ns (self->clock);

  count_one (self, find_kind (self, peer, entry, cause, now), now);
}

gboolean
md_audit_gate_admit (MdAuditGate *self, const char *peer, const MdAuditEntry *entry,
                     const char *cause)
{
  gint64 now = md_clock_get_monotonic_ns (self->clock);
  Kind *kind = find_kind (self, peer, entry, cause, now);
  Allowance *total = total_of (self, entry->staff);

  if (!has_room (&kind->allowance, now, MD_AUDIT_GATE_BURST, MD_AUDIT_GATE_INTERVAL_S)
      || !has_room (total, now, MD_AUDIT_GATE_TOTAL_BURST, MD_AUDIT_GATE_TOTAL_INTERVAL_S))
    {
      count_one (self, kind, now);
      return FALSE;
    }
  spend (&kind->allowance, now, MD_AUDIT_GATE_INTERVAL_S);
  spend (total, now, MD_AUDIT_GATE_TOTAL_INTERVAL_S);
  return TRUE;
}

static gboolean
record_count (MdAuditGate *self, Kind *kind, GError **error)
{
  g_autofree char *from = md_time_format_rfc3339 (kind->first_us);
  g_autofree char *to = md_time_format_rfc3339 (kind->last_us);
  g_autofree char *peer = kind->peer != NULL ? g_strconcat (" peer=", kind->peer, NULL) : NULL;
  g_autofree char *detail = g_strdup_printf ("cause=%s more=%u from=%s to=%s%s", kind->cause,
                                             kind->more, from, to, peer != NULL ? peer : "");
  MdAuditEntry entry = { .event = kind->event,
                         .outcome = kind->outcome,
                         .staff = kind->staff,
                         .staff_name = kind->staff_name,
                         .department = kind->department,
                         .detail = detail };

  if (!md_audit_record_now (self->audit, &entry, error))
    return FALSE;
  kind->more = 0;
  return TRUE;
}

/* Counts have their share of the allowance as well; beyond it they go into the one of the others.
 */
static gboolean
close_window (MdAuditGate *self, Kind *kind, gint64 now, GError **error)
{
  Allowance *total = total_of (self, kind->staff);
  gboolean room = has_room (total, now, MD_AUDIT_GATE_TOTAL_BURST, MD_AUDIT_GATE_TOTAL_INTERVAL_S);

  if (!room && kind != self->others)
    {
      count (self->others, kind->more, kind->first_us, kind->last_us, now);
      kind->more = 0;
      return TRUE;
    }
  if (!record_count (self, kind, error))
    return FALSE;
  spend (total, now, MD_AUDIT_GATE_TOTAL_INTERVAL_S);
  return TRUE;
}

static gboolean
settle (MdAuditGate *self, Kind *kind, gboolean all, GError **error)
{
  gint64 now = md_clock_get_monotonic_ns (self->clock);

  if (kind->more > 0 && (all || now >= kind->closes_ns))
    {
      if (!close_window (self, kind, now, error))
        return FALSE;
      kind->window_s = MIN (kind->window_s * 2, MD_AUDIT_GATE_WINDOW_MAX_S);
    }
  else if (is_forgettable (NULL, kind, &now))
    kind->window_s = MD_AUDIT_GATE_WINDOW_S;
  return TRUE;
}

static gboolean
settle_kinds (MdAuditGate *self, gboolean all, GError **error)
{
  GHashTableIter iter;
  gpointer kind;

  g_hash_table_iter_init (&iter, self->kinds);
  while (g_hash_table_iter_next (&iter, NULL, &kind))
    if (!settle (self, kind, all, error))
      return FALSE;
  return settle (self, self->others, all, error);
}

gboolean
md_audit_gate_settle (MdAuditGate *self, GError **error)
{
  return settle_kinds (self, FALSE, error);
}

gboolean
md_audit_gate_settle_all (MdAuditGate *self, GError **error)
{
  return settle_kinds (self, TRUE, error);
}
