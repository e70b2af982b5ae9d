// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "power-acts.h"

#define SECOND_US G_USEC_PER_SEC
#define HOUR_MS (3600 * G_GINT64_CONSTANT (1000))
#define HEX_DIGITS_OF_SHA256 64

static char procedure[] = "pension.exemption", digest_text[] = "dd", first_day[] = "2026-11-01",
            last_day[] = "2026-11-30", principal[] = "aa", delegate[] = "bb";
static char *procedures[] = { procedure, NULL };

/* --- What is stored --- */

char *
acts_marker (const char *id)
{
  return g_strdup_printf ("sealed:%s:", id);
}

GBytes *
acts_body (const char *id, guint n)
{
  const guint lines = 3 + (g_str_hash (id) + n) % (n == 1 ? 150 : 12);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < lines; i++)
    g_string_append_printf (text, "sealed:%s:%u:%u;", id, n, i);
  return g_string_free_to_bytes (text);
}

static void
promise (Branch *branch, const char *what, const char *id, const char *rest)
{
  g_autofree char *text = g_strjoin (" ", what, id, rest, NULL);

  power_disk_promise (branch->disk, text);
}

static void
promise_item (Branch *branch, const char *what, const char *id, guint n)
{
  g_autofree char *number = g_strdup_printf ("%u", n);

  promise (branch, what, id, number);
}

/* --- Upon what --- */

static MdOutboxIntake *
pick (Branch *branch, MdOutboxFilter filter, GError **error)
{
  g_autoptr (GPtrArray) list = md_outbox_list (branch->outbox, filter, 50, error);

  if (list == NULL || list->len == 0)
    return NULL;
  return g_ptr_array_steal_index (list, power_below (&branch->random, list->len));
}

/* --- Acts upon what is reserved --- */

static gboolean
reserve_for (Branch *branch, const char *replaces, GError **error)
{
  g_autoptr (GBytes) nonce = g_bytes_new_static ("nonce", 5);
  const MdOutboxReserve reserve = { .procedure = procedure,
                                    .clerk = "S0001",
                                    .policy_version = 1,
                                    .nonce = nonce,
                                    .nonce_state = "fresh",
                                    .replaces = replaces };
  const MdAuditEntry entry = { .event = "reserve", .staff = "S0001" };
  g_autoptr (MdOutboxIntake) intake = md_outbox_reserve (branch->outbox, &reserve, &entry, error);

  if (intake != NULL)
    promise (branch, "slip", intake->id, intake->receipt_number);
  return intake != NULL;
}

static gboolean
act_reserve (Branch *branch, GError **error)
{
  return reserve_for (branch, NULL, error);
}

static gboolean
act_submit (Branch *branch, GError **error)
{
  g_autoptr (MdOutboxIntake) intake = pick (branch, MD_OUTBOX_LIST_RESERVED, error);
  g_autoptr (GBytes) container = intake != NULL ? acts_body (intake->id, 1) : NULL;
  const MdAuditEntry entry = { .event = "submit", .staff = "S0001" };
  MdOutboxSubmission submission
      = { .container = container, .manifest_sha256 = "aa", .signature_sha256 = "bb" };

  if (intake == NULL)
    return *error == NULL;
  submission.id = intake->id;
  submission.urgent = power_below (&branch->random, 4) == 0;
  if (!md_outbox_submit (branch->outbox, &submission, &entry, error))
    return FALSE;
  promise_item (branch, "here", intake->id, 1);
  return TRUE;
}

static gboolean
act_abandon (Branch *branch, GError **error)
{
  g_autoptr (MdOutboxIntake) intake = pick (branch, MD_OUTBOX_LIST_RESERVED, error);
  const MdAuditEntry entry = { .event = "abandon", .staff = "S0001" };

  if (intake == NULL)
    return *error == NULL;
  return power_below (&branch->random, 2) == 0
             ? md_outbox_abandon (branch->outbox, intake->id, &entry, error)
             : md_outbox_lose (branch->outbox, intake->id, &entry, error);
}

static gboolean
act_hold (Branch *branch, GError **error)
{
  g_autoptr (MdOutboxIntake) intake = pick (branch, MD_OUTBOX_LIST_RESERVED, error);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("release", 7);
  g_autofree char *raised
      = g_strnfill (HEX_DIGITS_OF_SHA256, (char)('a' + power_below (&branch->random, 6)));
  const MdAuditEntry hold = { .event = "hold", .staff = "S0001" };
  const MdAuditEntry entry = { .event = "release", .staff = "S0101" };
  MdOutboxRelease release = { .release = bytes, .signature = bytes, .officer = "S0101" };

  if (intake == NULL)
    return *error == NULL;
  if (!md_outbox_raise_hold (branch->outbox, intake->id, raised, &hold, &release.n, error))
    return FALSE;
  release.id = intake->id;
  return power_below (&branch->random, 4) == 0
         || md_outbox_release_hold (branch->outbox, &release, &entry, error);
}

static gboolean
act_name (Branch *branch, GError **error)
{
  static const char *const people[] = { "aa", "bb", "cc" };
  g_autoptr (MdOutboxIntake) intake = pick (branch, MD_OUTBOX_LIST_RESERVED, error);
  const char *who = people[power_below (&branch->random, G_N_ELEMENTS (people))];
  const MdAuditEntry entry = { .event = "hold", .staff = "S0001" };
  MdOutboxNaming naming = { .day = "2026-11-20",
                            .person = { .who = who, .number = who, .shown = "", .address = "" },
                            .as = who,
                            .raised = { "raised-same-name", "raised-before" } };
  guint holds[MD_OUTBOX_N_DOUBTS];

  if (intake == NULL)
    return *error == NULL;
  naming.id = intake->id;
  return md_outbox_name_person (branch->outbox, &naming, &entry, holds, error);
}

/* --- Drafts --- */

static GBytes *
draft_body (Branch *branch, const char *intake, GError **error)
{
  g_autoptr (MdDbStatement) known
      = md_db_prepare_for (branch->db, "SELECT id FROM draft WHERE intake = ?1", intake, error);
  const MdDbStep step = known != NULL ? md_db_step (known, error) : MD_DB_STEP_ERROR;
  g_autofree char *fresh = g_strconcat ("draft-", intake, NULL);
  const char *name = NULL;

  if (step == MD_DB_STEP_ERROR)
    return NULL;
  if (step == MD_DB_STEP_ROW)
    name = g_hash_table_lookup (branch->drafts, md_db_column_text (known, 0));
  return acts_body (name != NULL ? name : fresh, 1000 + power_below (&branch->random, 5));
}

static gboolean
act_keep (Branch *branch, GError **error)
{
  g_autoptr (MdOutboxIntake) intake = pick (branch, MD_OUTBOX_LIST_RESERVED, error);
  g_autoptr (GBytes) body = intake != NULL ? draft_body (branch, intake->id, error) : NULL;
  const MdAuditEntry entry = { .event = "suspend", .staff = "S0001" };
  g_autoptr (MdOutboxDraft) draft = NULL;
  MdOutboxKeep keep = { .body = body };

  if (body == NULL)
    return *error == NULL;
  keep.intake = intake->id;
  keep.keep_ms = HOUR_MS;
  return power_below (&branch->random, 2) == 0
             ? md_outbox_keep_draft (branch->outbox, &keep, error)
             : md_outbox_suspend (branch->outbox, &keep, &entry, &draft, error);
}

static gboolean
act_draft (Branch *branch, GError **error)
{
  g_autoptr (GPtrArray) list = md_outbox_list_drafts (branch->outbox, NULL, error);
  const MdOutboxReserve reserve
      = { .procedure = procedure, .clerk = "S0001", .policy_version = 1, .nonce_state = "absent" };
  const MdAuditEntry resume = { .event = "resume", .staff = "S0001" };
  const MdAuditEntry erase = { .event = "erase-draft", .staff = "S0001" };
  g_autoptr (MdOutboxIntake) intake = NULL;
  const MdOutboxDraft *draft;

  if (list == NULL || list->len == 0)
    return list != NULL;
  draft = list->pdata[power_below (&branch->random, list->len)];
  if (power_below (&branch->random, 2) == 0)
    return md_outbox_erase_draft (branch->outbox, draft->id, &erase, error);
  intake = md_outbox_resume (branch->outbox, draft->id, &reserve, &resume, error);
  if (intake != NULL)
    promise (branch, "slip", intake->id, intake->receipt_number);
  return intake != NULL;
}

static gboolean
act_sweep (Branch *branch, GError **error)
{
  const MdAuditEntry entry = { .event = "erase-draft", .detail = "cause=period" };
  guint erased;

  return md_outbox_sweep_drafts (branch->outbox, &entry, &erased, error)
         && md_outbox_forget_letters (
             branch->outbox, power_below (&branch->random, 2) == 0 ? "2026-12-01" : "2026-11-20",
             error);
}

/* --- Decisions --- */

static gboolean
put_decision (Branch *branch, const MdOutboxIntake *intake, MdOutboxDecision *decision,
              GError **error)
{
  g_autoptr (GBytes) body = acts_body (intake->id, intake->next_n);
  const MdAuditEntry entry = { .event = "decide", .staff = "S0101" };

  decision->id = intake->id;
  decision->n = intake->next_n;
  decision->officer = "S0101";
  decision->reason_code = "";
  decision->body = body;
  decision->signature_sha256 = "cc";
  if (!md_outbox_decide (branch->outbox, decision, &entry, error))
    return FALSE;
  promise_item (branch, "here", intake->id, intake->next_n);
  return TRUE;
}

static gboolean
act_decide (Branch *branch, GError **error)
{
  static const MdOutboxLetter letter = { .decision_sha256 = digest_text,
                                         .procedures = procedures,
                                         .from = first_day,
                                         .to = last_day,
                                         .principal = principal,
                                         .delegate = delegate };
  static const MdOutboxDecision kinds[] = {
    { .state = MD_INTAKE_APPROVED },
    { .state = MD_INTAKE_APPROVED },
    { .state = MD_INTAKE_APPROVED, .letter = &letter },
    { .state = MD_INTAKE_RETURNED },
    { .state = MD_INTAKE_REJECTED },
    { .state = MD_INTAKE_REJECTED, .keep_ms = HOUR_MS / 60 },
    { .state = MD_INTAKE_RECEIVED, .check = TRUE },
  };
  g_autoptr (MdOutboxIntake) intake = pick (branch, MD_OUTBOX_LIST_APPROVALS, error);
  MdOutboxDecision decision = kinds[power_below (&branch->random, G_N_ELEMENTS (kinds))];

  if (intake == NULL)
    return *error == NULL;
  return put_decision (branch, intake, &decision, error);
}

static gboolean
act_follow (Branch *branch, GError **error)
{
  g_autoptr (MdOutboxIntake) intake = pick (branch, MD_OUTBOX_LIST_RETURNED, error);
  const MdAuditEntry entry = { .event = "acknowledge", .staff = "S0001" };
  MdOutboxDecision decision = { .state = MD_INTAKE_RECEIVED };
  const guint dice = power_below (&branch->random, 4);

  if (intake == NULL)
    return *error == NULL;
  if (intake->state == MD_INTAKE_APPROVED && dice < 2)
    return md_outbox_read_notice (branch->outbox, intake->id, &entry, error);
  if (dice < 2)
    return reserve_for (branch, intake->id, error);
  if (dice == 2)
    decision.state = MD_INTAKE_WITHDRAWN;
  return put_decision (branch, intake, &decision, error);
}

static gboolean
act_notice (Branch *branch, GError **error)
{
  g_autoptr (MdOutboxIntake) intake = pick (branch, MD_OUTBOX_LIST_ALL, error);
  g_autoptr (GBytes) body = g_bytes_new_static ("signed", 6);
  const MdAuditEntry entry = { .event = "notice", .reason = "number-check" };
  MdOutboxNotice notice = { .body = body, .digest = "dd" };
  g_autofree char *digest = NULL;

  if (intake == NULL)
    return *error == NULL;
  if (!md_outbox_last_notice (branch->outbox, &notice.number, &digest, error))
    return FALSE;
  notice.number++;
  if (intake->state == MD_INTAKE_APPROVED)
    notice.intake = intake->id;
  return md_outbox_keep_notice (branch->outbox, &notice, &entry, error);
}

static gboolean
act_cite (Branch *branch, GError **error)
{
  g_autoptr (MdOutboxIntake) intake = pick (branch, MD_OUTBOX_LIST_RESERVED, error);
  g_autoptr (MdOutboxIntake) letter
      = intake != NULL ? pick (branch, MD_OUTBOX_LIST_ALL, error) : NULL;
  const MdAuditEntry entry = { .event = "delegation", .staff = "S0001" };

  return letter != NULL ? md_outbox_cite (branch->outbox, intake->id, letter->id, &entry, error)
                        : *error == NULL;
}

/* --- The delivery --- */

static gboolean
acknowledge (Branch *branch, const MdOutboxItem *item, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("receipt", 7);
  const MdOutboxReceipt receipt
      = { .receipt = bytes, .sequence = 123456789, .time = "2026-11-20T04:00:01.000Z" };
  gboolean erased = FALSE;

  if (!md_outbox_acknowledge (branch->source, item, &receipt, &erased, error))
    return FALSE;
  promise_item (branch, "receipt", item->intake, item->n);
  return !erased || md_db_checkpoint (branch->log_db, TRUE, error);
}

static gboolean
act_deliver (Branch *branch, GError **error)
{
  const MdOutboxPick which
      = power_below (&branch->random, 3) == 0 ? MD_OUTBOX_RETRY : MD_OUTBOX_FRESH;
  g_autoptr (MdOutboxItem) item = NULL;
  const guint dice = power_below (&branch->random, 12);

  if (!md_outbox_claim (branch->source, which, 60000, &item, error))
    return FALSE;
  if (item == NULL || dice == 0)
    return TRUE; /* nothing, or it is still on its way */
  if (dice == 1)
    return md_outbox_put_back (branch->source, item, 5000, TRUE, "the line is down", error);
  if (dice == 2)
    return md_outbox_quarantine (branch->source, item, "refused", "refused", error);
  return acknowledge (branch, item, error);
}

static gboolean
act_hurry (Branch *branch, GError **error)
{
  return md_outbox_hurry (branch->outbox, error);
}

/* --- The service itself --- */

static gboolean
act_record (Branch *branch, GError **error)
{
  const MdAuditEntry entry
      = { .event = "login", .outcome = MD_AUDIT_REFUSED, .staff = "S0002", .detail = "try=1" };

  return md_audit_record_now (branch->audit, &entry, error);
}

static gboolean
act_checkpoint (Branch *branch, GError **error)
{
  return md_db_checkpoint (branch->log_db, power_below (&branch->random, 4) == 0, error);
}

static gboolean
act_wait (Branch *branch, GError **error)
{
  md_test_clock_advance_us (branch->clock, 90 * SECOND_US);
  return TRUE;
}

static const struct
{
  const char *name;
  gboolean (*run) (Branch *branch, GError **error);
  guint weight;
} acts[] = {
  { "reserve", act_reserve, 8 },  { "submit", act_submit, 10 },
  { "abandon", act_abandon, 1 },  { "hold", act_hold, 1 },
  { "name", act_name, 1 },        { "keep", act_keep, 3 },
  { "draft", act_draft, 3 },      { "sweep", act_sweep, 1 },
  { "decide", act_decide, 8 },    { "follow", act_follow, 4 },
  { "notice", act_notice, 1 },    { "cite", act_cite, 1 },
  { "deliver", act_deliver, 14 }, { "hurry", act_hurry, 1 },
  { "record", act_record, 2 },    { "checkpoint", act_checkpoint, 5 },
  { "wait", act_wait, 1 },
};

guint
acts_count (void)
{
  return G_N_ELEMENTS (acts);
}

const char *
acts_name (guint act)
{
  return acts[act].name;
}

gboolean
acts_tidy (Branch *branch, GError **error)
{
  return !md_outbox_take_erased (branch->outbox) || md_db_checkpoint (branch->log_db, TRUE, error);
}

gboolean
acts_do (Branch *branch, guint act, GError **error)
{
  gboolean done;

  md_test_clock_advance_us (branch->clock, SECOND_US / 4);
  done = acts[act].run (branch, error);
  return done && acts_tidy (branch, error);
}

/* --- What is gone --- */

static void
note_erased (Branch *branch)
{
  g_autoptr (MdDbStatement) rows
      = md_db_prepare (branch->reader, "SELECT id FROM intake WHERE erased_ms IS NOT NULL", NULL);

  while (md_db_step (rows, NULL) == MD_DB_STEP_ROW)
    {
      g_autofree char *id = md_db_column_dup (rows, 0);

      if (g_hash_table_contains (branch->gone, id))
        continue;
      promise (branch, "gone", id, NULL);
      g_hash_table_add (branch->gone, g_steal_pointer (&id));
    }
}

/* The name that a draft's body was made with: "sealed:NAME:". */
static char *
name_in (const char *body)
{
  const char *name = strchr (body, ':') + 1;

  return g_strndup (name, strcspn (name, ":"));
}

static void
note_drafts (Branch *branch)
{
  g_autoptr (MdDbStatement) rows
      = md_db_prepare (branch->reader, "SELECT id, CAST (body AS TEXT) FROM draft", NULL);
  g_autoptr (GHashTable) before = branch->drafts;
  GHashTableIter iter;
  gpointer id, name;

  branch->drafts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  while (md_db_step (rows, NULL) == MD_DB_STEP_ROW)
    g_hash_table_insert (branch->drafts, md_db_column_dup (rows, 0),
                         name_in (md_db_column_text (rows, 1)));
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &id, &name))
    if (!g_hash_table_contains (branch->drafts, id))
      promise (branch, "gone", name, NULL);
}

void
acts_any (Branch *branch)
{
  g_autoptr (GError) error = NULL;
  guint dice = 0, act = 0;

  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    dice += acts[i].weight;
  for (dice = power_below (&branch->random, dice); dice >= acts[act].weight; act++)
    dice -= acts[act].weight;
  if (!acts_do (branch, act, &error) && error->domain != MD_OUTBOX_ERROR)
    g_error ("%s: %s", acts[act].name, error->message);
  branch_see (branch);
  note_erased (branch);
  note_drafts (branch);
}
