// SPDX-License-Identifier: Apache-2.0
/* What an accepted letter of delegation allows: its code, what stands for its people, its days and
 * procedures, and its place in the decision that the officer signs. */
#include <md-base.h>
#include <string.h>
#include "seal-maker.h"

#define CODE "K7QD-2MXA-0HZ9-RTPB"

static GBytes *
somebody (char letter)
{
  g_autofree char *bytes = g_strnfill (MD_SHA256_SIZE, letter);

  return g_bytes_new (bytes, MD_SHA256_SIZE);
}

static char *
bind (const char *intake, MdDelegationSide side, const char *code, char who)
{
  g_autoptr (MdSecret) secret = md_delegation_read_code (code);
  g_autoptr (GBytes) person = somebody (who);

  g_assert_nonnull (secret);
  return md_delegation_bind (intake, side, secret, person);
}

static MdDelegation *
letter_of (const char *procedure, const char *from, const char *to)
{
  MdDelegation *letter = md_delegation_new ();

  letter->procedures = g_strsplit (procedure, " ", -1);
  letter->from = g_strdup (from);
  letter->to = g_strdup (to);
  letter->principal = bind (MAKER_INTAKE, MD_DELEGATION_PRINCIPAL, CODE, 'a');
  letter->delegate = bind (MAKER_INTAKE, MD_DELEGATION_DELEGATE, CODE, 'b');
  return letter;
}

/* However somebody writes it down, it is one code; and no other is it. */
static void
test_code (void)
{
  static const char *const same[]
      = { CODE, "K7QD2MXA0HZ9RTPB", "k7qd 2mxa ohz9 rtpb", " K7QD--2MXA-OHZ9-RTPB " };
  static const char *const none[] = { "",
                                      "K7QD-2MXA-0HZ9-RTP",
                                      "K7QD-2MXA-0HZ9-RTPBB",
                                      "K7QD-2MXA-0HZ9-RTPU",
                                      "K7QD-2MXA-0HZ9-RTP!",
                                      "委任状-2MXA-0HZ9-RTPB" };
  g_autoptr (MdSecret) first = md_delegation_read_code (CODE);
  g_autoptr (MdSecret) ones = md_delegation_read_code ("ILIL-ilil-1111-0000");
  g_autoptr (MdSecret) plain = md_delegation_read_code ("1111111111110000");

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr (MdSecret) code = md_delegation_read_code (same[i]);

      g_assert_true (md_secret_equal (code, first));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_null (md_delegation_read_code (none[i]));
  g_assert_null (md_delegation_read_code (NULL));
  g_assert_true (md_secret_equal (ones, plain));
}

/* New ones are codes as they are read, and differ. */
static void
test_make_code (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (MdSecret) made = md_delegation_make_code ();
      g_autoptr (MdSecret) code = md_delegation_read_code (md_secret_get_text (made));

      g_assert_cmpuint (md_secret_get_size (made), ==, strlen (CODE));
      g_assert_nonnull (code);
      g_assert_true (g_hash_table_add (seen, g_strdup (md_secret_get_text (code))));
    }
}

/* Another code, side, letter or person gives another digest: each alone. */
static void
test_bind (void)
{
  g_autofree char *digest = bind (MAKER_INTAKE, MD_DELEGATION_PRINCIPAL, CODE, 'a');
  g_autofree char *again = bind (MAKER_INTAKE, MD_DELEGATION_PRINCIPAL, "k7qd2mxaohz9rtpb", 'a');
  g_autofree char *code = bind (MAKER_INTAKE, MD_DELEGATION_PRINCIPAL, "K7QD-2MXA-0HZ9-RTPC", 'a');
  g_autofree char *side = bind (MAKER_INTAKE, MD_DELEGATION_DELEGATE, CODE, 'a');
  g_autofree char *intake = bind (MAKER_OTHER_INTAKE, MD_DELEGATION_PRINCIPAL, CODE, 'a');
  g_autofree char *who = bind (MAKER_INTAKE, MD_DELEGATION_PRINCIPAL, CODE, 'b');

  g_assert_cmpuint (strlen (digest), ==, 64);
  g_assert_cmpstr (digest, ==, again);
  g_assert_cmpstr (digest, !=, code);
  g_assert_cmpstr (digest, !=, side);
  g_assert_cmpstr (digest, !=, intake);
  g_assert_cmpstr (digest, !=, who);
}

static void
test_judge (void)
{
  static const struct
  {
    const char *procedure, *day;
    MdDelegationFinding finding;
    const char *word;
  } rows[] = {
    { "lem.certificate", "2026-11-22", MD_DELEGATION_COVERS, "covers" },
    { "care.certification", "2027-03-31", MD_DELEGATION_COVERS, "covers" },
    { "lem.certificate", "2026-11-21", MD_DELEGATION_EARLY, "early" },
    { "lem.certificate", "2027-04-01", MD_DELEGATION_OVER, "over" },
    { "pension.exemption", "2026-12-01", MD_DELEGATION_OTHER_PROCEDURE, "procedure" },
    { "lem", "2026-12-01", MD_DELEGATION_OTHER_PROCEDURE, "procedure" },
    { MD_DELEGATION_CHANGE, "2026-11-21", MD_DELEGATION_COVERS, "covers" },
    { MD_DELEGATION_CHANGE, "2027-04-01", MD_DELEGATION_OVER, "over" },
  };
  g_autoptr (MdDelegation) letter
      = letter_of ("lem.certificate care.certification", "2026-11-22", "2027-03-31");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const MdDelegationFinding finding
          = md_delegation_judge (letter, rows[i].procedure, rows[i].day);

      g_assert_cmpint (finding, ==, rows[i].finding);
      g_assert_cmpstr (md_delegation_finding_to_string (finding), ==, rows[i].word);
    }
}

static MdDecisionFiles *
approve (Office *office, const MdContainer *container, const MdDelegation *letter, GError **error)
{
  g_autoptr (MdDecision) approval = office_approval ();

  approval->delegation = letter != NULL ? md_delegation_copy (letter) : NULL;
  return md_decision_make (container, approval, office->supervisor_key,
                           office->supervisor->certificate, maker_now (), error);
}

/* It comes back as it was signed, and what was made of it afterwards is not what was signed. */
static void
test_signed (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MdDelegation) letter
      = letter_of ("lem.certificate care.certification", "2026-11-22", "2027-03-31");
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDecisionFiles) files = approve (office, container, letter, &error);
  g_autoptr (MdDecision) back = NULL;
  g_autoptr (MdDecisionFiles) forged = NULL;
  g_autoptr (GString) text = NULL;
  g_autoptr (GBytes) longer = NULL;
  gsize size;

  g_assert_no_error (error);
  back = md_decision_verify (container, files, office->trust, maker_now (), &error);
  g_assert_no_error (error);
  g_assert_true (md_delegation_equal (back->delegation, letter));
  text = g_string_new_len (g_bytes_get_data (files->decision, &size),
                           (gssize)g_bytes_get_size (files->decision));
  g_assert_cmpuint (g_string_replace (text, "2027-03-31", "2037-03-31", 0), ==, 1);
  longer = g_bytes_new (text->str, text->len);
  forged = md_decision_files_new (2, longer, files->manifest, files->signature);
  g_assert_null (md_decision_verify (container, forged, office->trust, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_DIGEST);
}

static void
spoil (MdDelegation *letter, guint how)
{
  switch (how)
    {
    case 0:
      g_clear_pointer (&letter->from, g_free);
      break;
    case 1:
      letter->to[5] = '1'; /* 2027-13-31 */
      break;
    case 2:
      letter->from[3] = '9'; /* after the last day */
      break;
    case 3:
      letter->principal[0] = 'x';
      break;
    case 4:
      g_clear_pointer (&letter->delegate, g_free);
      break;
    case 5:
      g_strfreev (letter->procedures);
      letter->procedures = g_strsplit ("a a", " ", -1);
      break;
    case 6:
      g_strfreev (letter->procedures);
      letter->procedures = g_strsplit ("a b c d e f g h i", " ", -1);
      break;
    default:
      g_strfreev (letter->procedures);
      letter->procedures = g_new0 (char *, 1);
      break;
    }
}

/* Nobody signs what cannot be. */
static void
test_impossible (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);

  for (guint how = 0; how < 8; how++)
    {
      g_autoptr (MdDelegation) letter = letter_of ("lem.certificate", "2026-11-22", "2027-03-31");
      g_autoptr (GError) error = NULL;

      spoil (letter, how);
      g_assert_null (approve (office, container, letter, &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
    }
}

/* A refusal allows nothing. */
static void
test_not_refused (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MdDecision) refusal = office_approval ();
  g_autoptr (GError) error = NULL;

  refusal->kind = MD_DECISION_REJECT;
  g_free (refusal->reason_code);
  refusal->reason_code = g_strdup ("R01");
  refusal->delegation = letter_of ("lem.certificate", "2026-11-22", "2027-03-31");
  g_assert_null (md_decision_make (container, refusal, office->supervisor_key,
                                   office->supervisor->certificate, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
}

/* The form of the letter, played. */
static const char *
look_up (const char *field, gpointer data)
{
  return g_hash_table_lookup (data, field);
}

static void
test_from_form (void)
{
  static const char *const fields[][2] = { { "g.proc1", "lem.certificate" },
                                           { "g.proc3", "care.certification" },
                                           { "g.date", "2026-11-22" },
                                           { "g.valid_to", "2027-03-31" },
                                           { "g.code", CODE } };
  g_autoptr (GHashTable) form = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) principal = somebody ('a');
  g_autoptr (GBytes) delegate = somebody ('b');
  const MdDelegationPeople people = { principal, delegate };
  const MdDelegationPeople nobody = { principal, NULL };
  g_autoptr (MdDelegation) wanted
      = letter_of ("lem.certificate care.certification", "2026-11-22", "2027-03-31");
  g_autoptr (MdDelegation) letter = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    g_hash_table_insert (form, (gpointer)(guintptr)fields[i][0], (gpointer)(guintptr)fields[i][1]);
  letter = md_delegation_new_from_form (MAKER_INTAKE, look_up, form, &people);
  g_assert_true (md_delegation_equal (letter, wanted));
  g_assert_null (md_delegation_new_from_form (MAKER_INTAKE, look_up, form, &nobody));
  for (gsize i = 2; i < G_N_ELEMENTS (fields); i++)
    {
      g_hash_table_remove (form, fields[i][0]);
      g_assert_null (md_delegation_new_from_form (MAKER_INTAKE, look_up, form, &people));
      g_hash_table_insert (form, (gpointer)(guintptr)fields[i][0],
                           (gpointer)(guintptr)fields[i][1]);
    }
}

/* An intake names the letter by which it is filed wholly, or not at all. */
static void
test_manifest (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MdManifest) manifest = md_manifest_copy (md_container_get_manifest (container));
  g_autoptr (MdManifest) back = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autoptr (GError) error = NULL;

  manifest->delegation_intake = g_strdup (MAKER_OTHER_INTAKE);
  g_assert_null (md_manifest_encode (manifest, &error));
  g_clear_error (&error);
  manifest->delegation_number = g_strdup ("001-000001-6");
  manifest->delegation_decision = g_strnfill (64, 'd');
  json = md_manifest_encode (manifest, &error);
  g_assert_no_error (error);
  back = md_manifest_parse (json, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->delegation_intake, ==, MAKER_OTHER_INTAKE);
  g_assert_cmpstr (back->delegation_number, ==, "001-000001-6");
  g_assert_cmpstr (back->delegation_decision, ==, manifest->delegation_decision);
  g_free (manifest->delegation_intake);
  manifest->delegation_intake = g_strdup (MAKER_INTAKE); /* by itself */
  g_assert_null (md_manifest_encode (manifest, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
}

/* --- Changed --- */

typedef struct
{
  const char *change, *proc1, *proc2, *to;
} ChangeForm;

static const char *
look_up_change (const char *field, gpointer data)
{
  const ChangeForm *form = data;

  return g_str_equal (field, "g.change")     ? form->change
         : g_str_equal (field, "g.proc1")    ? form->proc1
         : g_str_equal (field, "g.proc2")    ? form->proc2
         : g_str_equal (field, "g.valid_to") ? form->to
                                             : NULL;
}

/* What is left empty stays; of whom it is, and from when, stays in any case. */
static void
test_changed (void)
{
  static const struct
  {
    ChangeForm form;
    const char *procedures, *to; /* NULL: nothing comes of it */
    gboolean ended;
  } rows[] = {
    { { "amend", "lem.certificate", "care.certification", NULL },
      "lem.certificate care.certification",
      "2027-03-31",
      FALSE },
    { { "amend", NULL, NULL, "2027-12-31" }, "pension.exemption", "2027-12-31", FALSE },
    { { "amend", "lem.certificate", NULL, "2027-12-31" }, "lem.certificate", "2027-12-31", FALSE },
    { { "end", NULL, NULL, NULL }, "pension.exemption", "2027-03-31", TRUE },
    { { "end", "lem.certificate", NULL, "2027-12-31" }, "pension.exemption", "2027-03-31", TRUE },
    { { "amend", NULL, NULL, NULL }, NULL, NULL, FALSE },
    { { "amend", "pension.exemption", NULL, "2027-03-31" }, NULL, NULL, FALSE },
    { { "amend", NULL, NULL, "2026-11-21" }, NULL, NULL, FALSE },
    { { "amend", NULL, NULL, "soon" }, NULL, NULL, FALSE },
    { { "amend", "lem.certificate", "lem.certificate", NULL }, NULL, NULL, FALSE },
    { { "widen", "lem.certificate", NULL, NULL }, NULL, NULL, FALSE },
    { { NULL, "lem.certificate", NULL, NULL }, NULL, NULL, FALSE },
  };
  g_autofree char *decision = g_strnfill (64, 'd');
  g_autofree char *other = g_strnfill (64, 'e');
  g_autoptr (MdDelegation) before = letter_of ("pension.exemption", "2026-11-22", "2027-03-31");
  g_autoptr (MdDelegation) ended = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ChangeForm form = rows[i].form;
      g_autoptr (MdDelegation) after
          = md_delegation_new_changed (before, decision, look_up_change, &form);
      g_autofree char *procedures = after != NULL ? g_strjoinv (" ", after->procedures) : NULL;

      g_test_message ("row %zu", i);
      g_assert_cmpstr (procedures, ==, rows[i].procedures);
      if (after == NULL)
        continue;
      g_assert_cmpstr (after->to, ==, rows[i].to);
      g_assert_cmpint (after->ended, ==, rows[i].ended);
      g_assert_cmpstr (after->amends, ==, decision);
      g_assert_cmpstr (after->principal, ==, before->principal);
      g_assert_false (md_delegation_may_follow (after, before, other));
      g_assert_cmpint (md_delegation_judge (after, "pension.exemption", "2026-12-01"), ==,
                       after->ended ? MD_DELEGATION_ENDED
                       : strstr (procedures, "pension.exemption") != NULL
                           ? MD_DELEGATION_COVERS
                           : MD_DELEGATION_OTHER_PROCEDURE);
      if (after->ended)
        ended = md_delegation_copy (after);
    }
  g_assert_null (md_delegation_new_changed (
      ended, decision, look_up_change, &(ChangeForm){ "amend", "lem.certificate", NULL, NULL }));
}

/* An officer's window that made more of a change than there is. */
static void
test_may_follow (void)
{
  g_autofree char *decision = g_strnfill (64, 'd');
  g_autoptr (MdDelegation) before = letter_of ("pension.exemption", "2026-11-22", "2027-03-31");

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (MdDelegation) after = letter_of ("lem.certificate", "2026-11-22", "2027-03-31");
      char **place = i == 1   ? &after->principal
                     : i == 2 ? &after->delegate
                     : i == 3 ? &after->from
                     : i == 4 ? &after->amends
                              : NULL;

      after->amends = g_strdup (decision);
      if (place != NULL)
        {
          g_free (*place);
          *place = i == 3 ? g_strdup ("2026-11-21") : i == 4 ? NULL : g_strnfill (64, 'f');
        }
      after->ended = i == 5; /* and changes something else */
      g_assert_cmpint (md_delegation_may_follow (after, before, decision), ==, i == 0);
    }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/seal/delegation/" name, Office, NULL, office_set_up, function, office_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seal/delegation/code", test_code);
  g_test_add_func ("/seal/delegation/make-code", test_make_code);
  g_test_add_func ("/seal/delegation/bind", test_bind);
  g_test_add_func ("/seal/delegation/judge", test_judge);
  ADD ("signed", test_signed);
  ADD ("impossible", test_impossible);
  ADD ("not-refused", test_not_refused);
  g_test_add_func ("/seal/delegation/from-form", test_from_form);
  ADD ("manifest", test_manifest);
  g_test_add_func ("/seal/delegation/changed", test_changed);
  g_test_add_func ("/seal/delegation/may-follow", test_may_follow);
  return g_test_run ();
}
