// SPDX-License-Identifier: Apache-2.0
/* A terminal: its service's outbox and delivery, and the people before it. */
#include <string.h>

#include "sim.h"

#define CLERK_MOST_MS (12 * 60 * 1000)
#define TROUBLE_MOST_MS (25 * 60 * 1000)
#define OFF_MOST_MS (5 * 60 * 1000)
#define CLOG_MOST_MS (20 * 60 * 1000)
#define SKEW_MOST_MIN 25
#define SMALL 40
#define LARGE_PERCENT 15
#define LARGE_LEAST (100 * 1024) /* around where containers begin to come in chunks */
#define LARGE_MOST (400 * 1024)
#define HURRY_MS (30 * 60 * 1000)

static char *
name_of (const SimTerminal *self)
{
  return g_strdup_printf ("terminal-%u", self->serial);
}

/* --- On and off --- */

static void
switch_off (SimTerminal *self)
{
  g_clear_pointer (&self->delivery, sim_delivery_free);
  g_clear_pointer (&self->outbox, md_outbox_free);
  g_clear_pointer (&self->audit, md_audit_free);
  g_clear_pointer (&self->db, md_db_close);
}

/* As the service starts. */
static gboolean
start (SimTerminal *self, GError **error)
{
  g_autofree char *path = power_disk_dup_path (self->disk, "terminal.db");

  self->db = md_db_open (path, MD_DB_READ_WRITE, error);
  if (self->db == NULL || !md_db_check_integrity (self->db, error)
      || !md_db_recover (self->db, error) || !md_audit_migrate (self->db, error)
      || !md_outbox_migrate (self->db, error))
    return FALSE;
  self->audit
      = md_audit_new (self->db, self->peer.office, self->peer.terminal, MD_CLOCK (self->clock));
  self->outbox = md_outbox_new (self->db, self->audit, MD_CLOCK (self->clock));
  if (!md_outbox_release_leases (self->outbox, error)
      || !md_outbox_set_pool (self->outbox, self->serial, 1, 99999, error))
    return FALSE;
  self->delivery = sim_delivery_new (self, path, self->sim->ward, error);
  return self->delivery != NULL;
}

/* What people were told nothing of, and is there: it is on the disk for good. */
static gboolean
find_out (SimTerminal *self, GError **error)
{
  for (guint i = 0; i < self->sim->made->len; i++)
    {
      SimMade *made = self->sim->made->pdata[i];
      g_autoptr (MdOutboxIntake) intake = NULL;

      if (made->sure || !g_str_has_prefix (made->number, self->peer.terminal + 1))
        continue;
      intake = md_outbox_get (self->outbox, made->intake, error);
      if (intake == NULL && !g_error_matches (*error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN))
        return FALSE;
      g_clear_error (error);
      made->sure = intake != NULL && intake->next_n > made->n && intake->next_n > 1
                   && intake->state != MD_INTAKE_RESERVED;
      made->told = made->told || made->sure;
    }
  return TRUE;
}

static void
switch_on (SimTerminal *self)
{
  Sim *sim = self->sim;
  g_autoptr (GError) error = NULL;

  self->told = power_disk_now (self->disk);
  if (start (self, &error) && find_out (self, &error))
    {
      sim_tell (sim, "%s on", self->peer.terminal);
      self->turn_at = self->clerk_at = sim->now;
      return;
    }
  sim_tell (sim, "%s not on: %s", self->peer.terminal, error->message);
  switch_off (self);
  sim_disk_calm (self->disk);
  self->on_at = sim->now + sim_between (sim, 1000, OFF_MOST_MS);
}

static void
cut (SimTerminal *self, guint at)
{
  Sim *sim = self->sim;
  g_autofree char *name = name_of (self);
  PowerDisk *left = sim_disk_cut (sim, self->disk, name, &self->life, at);

  sim_tell (sim, "%s cut %u", self->peer.terminal, at);
  self->doomed = FALSE;
  switch_off (self);
  power_disk_free (self->disk);
  self->disk = left;
  md_test_clock_reboot (self->clock);
  self->on_at = sim->now + sim_between (sim, 1000, OFF_MOST_MS);
}

void
sim_terminal_init (SimTerminal *self, Sim *sim, guint serial)
{
  g_autofree char *name = NULL;
  g_autofree char *key = NULL;

  self->sim = sim;
  self->serial = serial;
  (void)g_strlcpy (self->peer.office, "139998", sizeof self->peer.office);
  (void)g_snprintf (self->peer.terminal, sizeof self->peer.terminal, "T%03u", serial);
  key = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->peer.terminal, -1);
  (void)g_strlcpy (self->peer.key, key, sizeof self->peer.key);
  self->peer.until = G_MAXINT64; /* its certificate ends after the run */
  name = name_of (self);
  self->disk = sim_disk_new (sim, name, FALSE);
  self->clock
      = md_test_clock_new (md_clock_get_wall_us (MD_CLOCK (sim->gateway.clock))
                           + sim_between (sim, -SKEW_MOST_MIN, SKEW_MOST_MIN) * G_TIME_SPAN_MINUTE);
  /* So many that some come after the disk. */
  self->intakes_left = sim->restores || sim->forgets ? 6 + power_below (&sim->random, 6)
                                                     : 1 + power_below (&sim->random, 4);
  /* What was decided and is not known any more would be decided twice. */
  self->decisions_left = sim->restores || sim->forgets ? 0 : power_below (&sim->random, 4);
  self->trouble_at = sim_between (sim, 0, TROUBLE_MOST_MS);
}

void
sim_terminal_clear (SimTerminal *self)
{
  switch_off (self);
  g_clear_pointer (&self->disk, power_disk_free);
  g_clear_pointer (&self->backup, power_disk_free);
  g_clear_object (&self->clock);
}

/* --- People --- */

static SimMade *
add_made (SimTerminal *self, const MdOutboxIntake *intake, guint n, GBytes *body)
{
  SimMade *made = g_new0 (SimMade, 1);

  made->intake = g_strdup (intake->id);
  made->n = n;
  made->number = g_strdup (intake->receipt_number);
  made->digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  g_ptr_array_add (self->sim->made, made);
  return made;
}

/* Many were here of whom the run does not speak: numbers are soon few, and the next block comes. */
static void
let_many_come (SimTerminal *self)
{
  if (!md_db_exec (self->db,
                   "UPDATE receipt_pool SET next = last, highest = last - 1"
                   " WHERE issued = 1 AND next < last",
                   NULL))
    sim_tell (self->sim, "%s nobody more", self->peer.terminal);
}

static SimMade *
take_in (SimTerminal *self, GError **error)
{
  const MdOutboxReserve reserve = {
    .procedure = "pension.exemption", .clerk = "S0001", .policy_version = 1, .nonce_state = "absent"
  };
  const MdAuditEntry begins = { .event = "reserve", .staff = "S0001" };
  const MdAuditEntry entry = { .event = "submit", .staff = "S0001" };
  g_autoptr (MdOutboxIntake) intake = md_outbox_reserve (self->outbox, &reserve, &begins, error);
  g_autoptr (GBytes) container = NULL;
  const gsize size = sim_chance (self->sim, LARGE_PERCENT)
                         ? (gsize)sim_between (self->sim, LARGE_LEAST, LARGE_MOST)
                         : SMALL;
  MdOutboxSubmission submission = { .manifest_sha256 = "aa", .signature_sha256 = "bb" };
  SimMade *made;

  if (intake == NULL)
    return NULL;
  container = sim_ward_make_container (self->sim->ward, self->peer.terminal, intake, size,
                                       MD_CLOCK (self->clock));
  made = add_made (self, intake, 1, container);
  submission.id = intake->id;
  submission.container = container;
  submission.urgent = sim_chance (self->sim, 20);
  made->sure = made->told = md_outbox_submit (self->outbox, &submission, &entry, error);
  return made;
}

static SimMade *
decide (SimTerminal *self, GError **error)
{
  g_autoptr (GPtrArray) list = md_outbox_list (self->outbox, MD_OUTBOX_LIST_APPROVALS, 20, error);
  const gboolean approves = sim_chance (self->sim, 70);
  const MdOutboxIntake *intake;
  const MdAuditEntry entry = { .event = "decide", .staff = "S0101" };
  g_autoptr (GBytes) container = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *signature = NULL;
  MdOutboxDecision decision = { .n = 2, .officer = "S0101", .reason_code = "" };
  SimMade *made;

  if (list == NULL || list->len == 0)
    return NULL;
  intake = list->pdata[power_below (&self->sim->random, list->len)];
  container = md_outbox_get_container (self->outbox, intake->id, error);
  if (container == NULL)
    return NULL;
  body = sim_ward_make_decision (self->sim->ward, self->peer.terminal, container, approves,
                                 MD_CLOCK (self->clock), &signature);
  decision.id = intake->id;
  decision.state = approves ? MD_INTAKE_APPROVED : MD_INTAKE_REJECTED;
  decision.body = body;
  decision.signature_sha256 = signature;
  made = add_made (self, intake, 2, body);
  made->sure = made->told = md_outbox_decide (self->outbox, &decision, &entry, error);
  return made;
}

/* Whoever has the power go in the middle of it was told nothing. */
static void
doom (SimTerminal *self, SimMade *made)
{
  const guint now = power_disk_now (self->disk);
  const guint at = self->told + power_below (&self->sim->random, now - self->told + 1);

  if (!self->doomed || now == self->told)
    return;
  if (made != NULL)
    made->sure = made->told = FALSE;
  cut (self, at);
}

static void
let_people_work (SimTerminal *self)
{
  Sim *sim = self->sim;
  const gboolean decides = self->decisions_left > 0 && sim_chance (sim, 40);
  guint *left = decides ? &self->decisions_left : &self->intakes_left;
  g_autoptr (GError) error = NULL;
  SimMade *made = NULL;

  self->told = power_disk_now (self->disk);
  self->clerk_at = sim->now + sim_between (sim, 1000, CLERK_MOST_MS);
  self->put_back = self->put_back && !sim_delivery_was_told (self->delivery);
  if (self->put_back)
    return;
  if (sim_chance (sim, 10) && !md_db_checkpoint (self->db, sim_chance (sim, 50), NULL))
    sim_tell (sim, "%s keeps its log", self->peer.terminal);
  if (sim->forgets && sim_chance (sim, 60))
    let_many_come (self);
  if (*left > 0)
    made = decides ? decide (self, &error) : take_in (self, &error);
  if (made != NULL)
    *left -= 1;
  sim_tell (sim, "%s %s %s", self->peer.terminal, decides ? "decides" : "takes in",
            made == NULL ? "nothing"
            : made->sure ? "well"
                         : "in vain");
  if (error != NULL)
    {
      sim_tell (sim, "%s", error->message);
      sim_disk_calm (self->disk);
    }
  else
    sim_delivery_wake (self->delivery);
  self->turn_at = sim->now;
  sim->counts.stored += made != NULL && made->sure ? 1 : 0;
  doom (self, made);
}

/* --- Trouble --- */

static void
set_clock (SimTerminal *self)
{
  Sim *sim = self->sim;
  const gint64 right = md_clock_get_wall_us (MD_CLOCK (sim->gateway.clock));

  sim->counts.jumps++;
  md_test_clock_set_wall_us (
      self->clock, right + sim_between (sim, -SKEW_MOST_MIN, SKEW_MOST_MIN) * G_TIME_SPAN_MINUTE);
}

static void
back_up (SimTerminal *self)
{
  g_autofree char *name = g_strdup_printf ("backup-%u", self->serial);

  self->backup = power_disk_copy (self->disk, name, sim_disk_model (self->sim, FALSE), FALSE);
  self->made_before_backup = self->sim->made->len;
}

/* As the administrator's tool does it. */
static void
mark (SimTerminal *self)
{
  g_autofree char *path = power_disk_dup_path (self->disk, "terminal.db");
  g_autoptr (GError) error = NULL;
  MdDb *db = md_db_open (path, MD_DB_READ_WRITE, &error);
  g_assert_no_error (error);
  g_assert_true (md_db_recover (db, &error)
                 && md_outbox_mark_restored (
                     db, md_clock_get_wall_us (MD_CLOCK (self->clock)) / 1000, FALSE, &error));
  md_db_close (db);
}

/* What was made since and has not arrived is lost with the disk that was taken out. */
static void
put_back (SimTerminal *self)
{
  Sim *sim = self->sim;
  g_autofree char *name = g_strdup_printf ("terminal-%u-%u", self->serial, ++self->life);
  const gboolean image = sim_chance (sim, 50);

  switch_off (self);
  power_disk_free (self->disk);
  self->disk = power_disk_copy (self->backup, name, sim_disk_model (sim, FALSE), TRUE);
  if (!image)
    mark (self);
  for (guint i = self->made_before_backup; i < sim->made->len; i++)
    {
      SimMade *made = sim->made->pdata[i];

      if (!g_str_has_prefix (made->number, self->peer.terminal + 1))
        continue;
      made->sure = FALSE;
      made->forgotten = made->forgotten || image;
    }
  self->put_back = image;
  self->doomed = FALSE;
  self->on_at = sim->now + sim_between (sim, 1000, OFF_MOST_MS);
  sim->counts.restored++;
  sim_tell (sim, "%s has an older disk, %u made since, %u to come", self->peer.terminal,
            sim->made->len - self->made_before_backup, self->intakes_left);
}

static void
make_trouble (SimTerminal *self)
{
  Sim *sim = self->sim;
  const guint kind = power_below (&sim->random, sim->restores ? 9 : 6);

  self->trouble_at = sim->now + sim_between (sim, 1000, TROUBLE_MOST_MS);
  sim_tell (sim, "%s trouble %u", self->peer.terminal, kind);
  switch (kind)
    {
    case 0:
    case 1:
      self->doomed = TRUE;
      break;
    case 2:
      sim_disk_trouble (sim, self->disk);
      break;
    case 3:
      set_clock (self);
      break;
    case 4:
      self->clogged_until = sim->now + sim_between (sim, 1000, CLOG_MOST_MS);
      break;
    case 5:
      switch_off (self);
      self->on_at = sim->now + sim_between (sim, 1000, OFF_MOST_MS);
      break;
    default:
      if (self->backup == NULL)
        back_up (self);
      else
        put_back (self);
      break;
    }
}

/* --- Its turn --- */

gint64
sim_terminal_next (const SimTerminal *self)
{
  gint64 next = self->turn_at;

  if (self->delivery == NULL)
    return self->on_at;
  if (self->intakes_left + self->decisions_left > 0)
    next = MIN (next, self->clerk_at);
  return self->sim->healed ? next : MIN (next, self->trouble_at);
}

static void
take_turn (SimTerminal *self)
{
  self->told = power_disk_now (self->disk);
  self->turn_at = sim_delivery_turn (self->delivery);
  if (power_disk_failed (self->disk))
    sim_disk_calm (self->disk);
  doom (self, NULL);
}

void
sim_terminal_go_on (SimTerminal *self)
{
  Sim *sim = self->sim;

  sim->acting = self;
  if (self->delivery == NULL)
    switch_on (self);
  else if (!sim->healed && self->trouble_at <= sim->now)
    make_trouble (self);
  else if (self->intakes_left + self->decisions_left > 0 && self->clerk_at <= sim->now)
    let_people_work (self);
  else
    take_turn (self);
  sim->acting = NULL;
}

gboolean
sim_terminal_is_idle (SimTerminal *self)
{
  g_autoptr (GError) error = NULL;
  MdOutboxCounts counts;

  if (self->delivery == NULL)
    return FALSE;
  g_assert_true (md_outbox_count (self->outbox, &counts, &error));
  if (counts.unsent > 0 && counts.unsent == counts.quarantined && self->sim->now >= self->hurry_at)
    {
      self->hurry_at = self->sim->now + HURRY_MS;
      self->sim->counts.set_aside += counts.quarantined;
      if (self->sim->is_honest)
        g_string_append_printf (self->sim->trouble, "%s has set %u aside\n", self->peer.terminal,
                                counts.quarantined);
      g_assert_true (md_outbox_hurry (self->outbox, &error));
      sim_delivery_wake (self->delivery);
      self->turn_at = self->sim->now;
    }
  return counts.unsent == 0;
}

gboolean
sim_terminal_has_sent (SimTerminal *self, const char *intake)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdOutboxIntake) found
      = self->outbox != NULL ? md_outbox_get (self->outbox, intake, &error) : NULL;

  return found == NULL || found->delivery == MD_DELIVERY_DELIVERED
         || found->delivery == MD_DELIVERY_ERASED;
}

void
sim_terminal_heal (SimTerminal *self)
{
  self->doomed = FALSE;
  self->intakes_left = self->decisions_left = 0;
  self->clogged_until = 0;
  sim_disk_calm (self->disk);
}
