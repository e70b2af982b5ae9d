// SPDX-License-Identifier: Apache-2.0
/* Papers and their scans: how each is there, what is sealed of it, and who sees it. */
#include "fixture.h"
#include "md-test.h"
#include "samples.h"

#include <string.h>

#define INTAKE "0198c0de-0000-7000-8000-000000000001"
#define FORM "pension.claim_disability"

static MdScanDocument *
scan (gconstpointer data, gsize size)
{
  g_autoptr (MdSecret) bytes = md_secret_new_from_data (data, size);
  g_autoptr (GError) error = NULL;
  MdScanDocument *document = md_scan_document_new (bytes, NULL, &error);

  g_assert_no_error (error);
  return document;
}

static MdAttachment *
find_paper (MdFormData *data, const char *id)
{
  GListModel *papers = md_form_data_get_attachments (data);

  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);

      if (g_str_equal (md_attachment_get_id (paper), id))
        return paper;
    }
  g_assert_not_reached ();
}

static void
attach (MdFormData *data, const char *id, gconstpointer bytes, gsize size, const char *scanner)
{
  g_autoptr (MdScanDocument) document = scan (bytes, size);

  md_scan_document_set_scanner (document, scanner);
  md_attachment_add_document (find_paper (data, id), document);
}

/* A whole application with three scans of two papers, one of them kept, too. */
static MdFormData *
filled (void)
{
  static const char *const values[][2] = {
    { "n.bpn", "1234-567890" },    { "n.cat23", "false" },
    { "n.code", "5350" },          { "n.claim", "new" },
    { "n.illness", "脳梗塞" },     { "n.first_visit", "R6.4.1" },
    { "n.dis_date", "R7.10.1" },   { "n.dis_cert", "肢体 R8.10.1 青空病院" },
    { "n.cert_date", "R8.10.1" },  { "n.history", "今までの様子" },
    { "n.other_pension", "none" }, { "b.use_public", "true" },
  };
  MdFormData *data = fixture_data (FORM, MD_ROLE_CLERK_NUMBER);

  fixture_fill (data, "1985-04-01");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    fixture_type (data, values[i][0], values[i][1]);
  fixture_assert_valid (data);
  attach (data, "diagnosis", sample_jpeg, sizeof sample_jpeg, "clamdscan");
  attach (data, "diagnosis", sample_png, sizeof sample_png, NULL);
  attach (data, "history", sample_tiff, sizeof sample_tiff, NULL);
  md_attachment_set_how (find_paper (data, "history"), MD_PAPER_KEPT);
  return data;
}

static void
test_how (void)
{
  g_autoptr (MdFormData) data = fixture_data (FORM, MD_ROLE_CLERK_NUMBER);
  MdAttachment *paper = find_paper (data, "diagnosis");
  GListModel *documents = md_attachment_get_documents (paper);
  g_autoptr (MdScanDocument) first = scan (sample_jpeg, sizeof sample_jpeg);
  g_autoptr (MdScanDocument) second = scan (sample_png, sizeof sample_png), now = NULL;

  md_attachment_set_handed_in (paper, TRUE);
  g_assert_cmpint (md_attachment_get_how (paper), ==, MD_PAPER_KEPT);
  md_attachment_set_how (paper, MD_PAPER_SCANNED); /* there is no scan */
  g_assert_false (md_attachment_get_handed_in (paper));
  md_attachment_add_document (paper, first);
  md_attachment_add_document (paper, second);
  g_assert_cmpint (md_attachment_get_how (paper), ==, MD_PAPER_SCANNED);
  g_assert_true (md_attachment_get_handed_in (paper));
  md_attachment_set_handed_in (paper, FALSE); /* the scans are still there */
  g_assert_true (md_attachment_get_handed_in (paper));
  md_attachment_move_document (paper, 1);
  now = g_list_model_get_item (documents, 0);
  g_assert_true (now == second);
  md_attachment_remove_document (paper, 0);
  g_assert_null (md_scan_document_get_bytes (second)); /* wiped, whoever holds it */
  md_attachment_remove_document (paper, 0);
  g_assert_cmpint (md_attachment_get_how (paper), ==, MD_PAPER_NOT_THERE);
}

static gboolean
is_missing (MdFormData *data, const char *label)
{
  g_auto (GStrv) missing = md_form_data_list_papers (data, FALSE);

  return g_strv_contains ((const char *const *)missing, label);
}

/* R-FORM-38: left out for an inquiry only where the form lets it be, and with the number of a
 * result that can stand for it; else it is missing. */
static void
test_waived (void)
{
  static const char *const wrong[]
      = { NULL,
          "",
          "1",
          "123456789012",
          "TX-2026-000123",
          "TX-2026-000123-2", /* another check digit */
          "TX-2026-000132-3", /* two digits exchanged */
          "RR-2026-000123-3", /* of the register, which says nothing of revenue */
          "tx-2026-000123-3",
          "TX-2026-000123-3 " };
  g_autoptr (MdFormData) data = fixture_data ("lem.std_income", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdFormData) other = filled ();
  MdAttachment *paper = find_paper (data, "revenue");
  g_autofree char *label = NULL, *inquiries = md_attachment_dup_inquiries (paper);

  g_object_get (paper, "label", &label, NULL);
  g_assert_true (md_attachment_get_due (paper));
  g_assert_true (g_str_has_prefix (inquiries, "TX ("));
  md_attachment_set_how (paper, MD_PAPER_WAIVED);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      md_attachment_set_inquiry (paper, wrong[i]);
      g_assert_false (md_attachment_get_handed_in (paper));
      g_assert_true (is_missing (data, label));
    }
  md_attachment_set_inquiry (paper, "TX-2026-000123-3");
  g_assert_true (md_attachment_get_handed_in (paper));
  g_assert_false (is_missing (data, label));

  /* A medical certificate is not left out, whatever was asked. */
  paper = find_paper (other, "first-visit");
  g_assert_false (md_attachment_may_be_waived (paper));
  md_attachment_set_how (paper, MD_PAPER_WAIVED);
  md_attachment_set_inquiry (paper, "TX-2026-000123-3");
  g_assert_cmpint (md_attachment_get_how (paper), ==, MD_PAPER_NOT_THERE);
  g_assert_false (md_attachment_get_handed_in (paper));
}

static void
assert_kept (MdFormData *data)
{
  g_autoptr (MdFormData) again = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  const char *facts[MD_N_DRAFT_FACTS] = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) text = md_form_data_to_draft (data, facts, &error);
  g_autoptr (MdFormDraft) draft = NULL;
  g_autoptr (GPtrArray) left = NULL;

  g_assert_no_error (error);
  draft = md_form_draft_parse (md_secret_get_data (text), md_secret_get_size (text), &error);
  g_assert_no_error (error);
  left = md_form_data_take_draft (again, draft);
  g_assert_cmpint (md_attachment_get_how (find_paper (again, "income")), ==, MD_PAPER_WAIVED);
  g_assert_cmpstr (md_attachment_get_inquiry (find_paper (again, "income")), ==, "not-yet");
}

/* The application says which paper was left out, and by which inquiry; who approves it reads that.
 */
static void
test_waived_is_sealed (void)
{
  static const char *const values[][2] = {
    { "n.bpn", "1234-567890" }, { "p.hh_head", "田中 太郎" }, { "p.relation", "self" },
    { "n.ex_kind", "full" },    { "n.ex_year", "2026" },      { "n.ex_from", "R8.7" },
    { "n.ex_to", "2027/6" },    { "inc.declared", "done" },
  };
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdFormData) copy = fixture_data ("pension.exemption", MD_ROLE_SUPERVISOR);
  g_autoptr (MdSecret) application = NULL;
  g_autoptr (GError) error = NULL;

  fixture_fill (data, "1985-04-01");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    fixture_type (data, values[i][0], values[i][1]);
  md_attachment_set_how (find_paper (data, "income"), MD_PAPER_WAIVED);
  md_attachment_set_inquiry (find_paper (data, "income"), "TX-2026-000123-3");
  application = md_form_data_to_application (data, INTAKE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (md_secret_get_text (application),
                            "{\"paper\":\"income\",\"how\":\"waived\",\"inquiry\":"
                            "\"TX-2026-000123-3\"}"));
  g_assert_true (md_form_data_load (copy, application, NULL, INTAKE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_attachment_get_how (find_paper (copy, "income")), ==, MD_PAPER_WAIVED);
  g_assert_cmpstr (md_attachment_get_inquiry (find_paper (copy, "income")), ==, "TX-2026-000123-3");

  /* And a draft keeps it, be it wrong yet. */
  md_attachment_set_inquiry (find_paper (data, "income"), "not-yet");
  assert_kept (data);
}

/* What an older release let be left out, by a number of its own or of a paper that is always asked
 * for today, is read as it was sealed; nobody can enter it. */
static void
test_waived_before (void)
{
  static const char *const sealed[][2] = {
    { "lem.std_income", "revenue" },
    { FORM, "first-visit" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sealed); i++)
    {
      g_autoptr (MdFormData) copy = fixture_data (sealed[i][0], MD_ROLE_SUPERVISOR);
      MdAttachment *paper = find_paper (copy, sealed[i][1]);
      g_autoptr (MdSecret) application = NULL;
      g_autofree char *text
          = g_strdup_printf ("{\"schema\":\"madoguchi-application/1\",\"intake\":\"" INTAKE
                             "\",\"procedure\":\"%s\",\"procedure_version\":1,\"values\":{},"
                             "\"papers\":[{\"paper\":\"%s\",\"how\":"
                             "\"waived\",\"inquiry\":\"JS-2026-000123\"}]}",
                             sealed[i][0], sealed[i][1]);
      g_autoptr (GError) error = NULL;

      application = md_secret_new_from_text (text);
      g_assert_true (md_form_data_load (copy, application, NULL, INTAKE, &error));
      g_assert_no_error (error);
      g_assert_cmpint (md_attachment_get_how (paper), ==, MD_PAPER_WAIVED);
      g_assert_cmpstr (md_attachment_get_inquiry (paper), ==, "JS-2026-000123");
      g_assert_true (md_attachment_get_handed_in (paper));
      g_assert_false (md_attachment_takes_inquiry (paper, md_attachment_get_inquiry (paper)));
      md_attachment_set_inquiry (paper, "JS-2026-000124");
      g_assert_false (md_attachment_get_handed_in (paper));
    }
}

static MdFormData *
for_officer (MdFormData *data, MdRole role)
{
  MdViewer officer = fixture_viewer (role);

  return md_form_data_new (md_form_data_get_form (data), &officer, MD_STEP_APPROVAL, FIXTURE_TODAY);
}

/* As an officer's card opens them. */
static GPtrArray *
opened_of (MdFormData *data)
{
  g_autoptr (GPtrArray) documents = md_form_data_list_documents (data);
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < documents->len; i++)
    {
      MdSecret *bytes = md_scan_document_get_bytes (g_ptr_array_index (documents, i));

      g_ptr_array_add (all, scan (md_secret_get_data (bytes), md_secret_get_size (bytes)));
    }
  return all;
}

static void
test_application (void)
{
  g_autoptr (MdFormData) data = filled (), copy = for_officer (data, MD_ROLE_SUPERVISOR);
  g_autoptr (MdSecret) application = NULL;
  g_autoptr (GPtrArray) scans = opened_of (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdScanDocument) first = NULL;

  application = md_form_data_to_application (data, INTAKE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (md_secret_get_text (application),
                            "{\"paper\":\"diagnosis\",\"how\":\"scanned\",\"documents\":[{\"part\":"
                            "\"01\",\"content_type\":\"image/jpeg\",\"pages\":1,"));
  g_assert_nonnull (strstr (md_secret_get_text (application), "\"scanner\":\"clamdscan\""));
  g_assert_true (md_form_data_load (copy, application, NULL, INTAKE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (scans->len, ==, 3);
  g_assert_true (md_form_data_load_documents (copy, scans, &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_attachment_get_how (find_paper (copy, "history")), ==, MD_PAPER_KEPT);
  g_assert_cmpint (md_attachment_get_how (find_paper (copy, "diagnosis")), ==, MD_PAPER_SCANNED);
  first = g_list_model_get_item (md_attachment_get_documents (find_paper (copy, "diagnosis")), 0);
  g_assert_cmpstr (md_scan_document_get_scanner (first), ==, "clamdscan");
  md_assert_bytes (md_secret_get_data (md_scan_document_get_bytes (first)),
                   md_scan_document_get_size (first), sample_jpeg, sizeof sample_jpeg);
  md_form_data_wipe (copy);
  g_assert_null (md_scan_document_get_bytes (first));
}

/* Who could not see the class of a paper is not sealed its scans, and approves what is there
 * besides; who may see it today, too. */
static void
test_closed (void)
{
  g_autoptr (MdFormData) data = filled ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) application = md_form_data_to_application (data, INTAKE, &error);
  g_autoptr (GArray) classes = md_form_data_list_document_classes (data);
  static const MdRole roles[] = { MD_ROLE_CLERK, MD_ROLE_SUPERVISOR };

  g_assert_no_error (error);
  g_assert_cmpuint (classes->len, ==, 3);
  for (guint i = 0; i < classes->len; i++)
    g_assert_cmpint (g_array_index (classes, MdSensitivity, i), ==, MD_CLASS_HEALTH);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autoptr (MdFormData) copy = for_officer (data, roles[i]);
      g_autoptr (GPtrArray) scans = opened_of (data), given = g_ptr_array_new (), opened = NULL;
      MdAttachment *diagnosis = find_paper (copy, "diagnosis");

      g_assert_true (md_form_data_load (copy, application, NULL, INTAKE, &error));
      for (guint k = 0; k < scans->len; k++)
        g_ptr_array_add (given, k == 1 ? NULL : scans->pdata[k]);
      g_assert_true (md_form_data_load_documents (copy, given, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (md_attachment_get_closed (diagnosis), ==, 1);
      g_assert_cmpuint (g_list_model_get_n_items (md_attachment_get_documents (diagnosis)), ==, 1);
      g_assert_true (md_attachment_get_handed_in (diagnosis));
      opened = md_form_data_list_documents (copy);
      g_assert_cmpuint (opened->len, ==, 2);
    }
}

/* Another's scan in the place of one, one too few, two in the other order: refused. */
static void
test_exchanged (void)
{
  g_autoptr (MdFormData) data = filled ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) application = md_form_data_to_application (data, INTAKE, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (MdFormData) copy = for_officer (data, MD_ROLE_SUPERVISOR);
      g_autoptr (GPtrArray) scans = opened_of (data);

      g_assert_true (md_form_data_load (copy, application, NULL, INTAKE, &error));
      if (i == 0)
        g_ptr_array_set_size (scans, 2);
      else if (i == 1)
        {
          gpointer swap = scans->pdata[0];

          scans->pdata[0] = scans->pdata[1];
          scans->pdata[1] = swap;
        }
      else
        {
          guint8 other[sizeof sample_jpeg];

          memcpy (other, sample_jpeg, sizeof other);
          other[sizeof other - 3] ^= 1;
          g_object_unref (scans->pdata[0]);
          scans->pdata[0] = scan (other, sizeof other);
        }
      g_assert_false (md_form_data_load_documents (copy, scans, &error));
      g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DATA);
      g_clear_error (&error);
    }
}

/* A paper that is not due any more takes its scans with it. */
static void
test_not_due (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  GListModel *papers = md_form_data_get_attachments (data);
  g_autoptr (GPtrArray) documents = NULL;
  guint due = 0;

  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);

      attach (data, md_attachment_get_id (paper), sample_jpeg, sizeof sample_jpeg, NULL);
      due += md_attachment_get_due (paper) ? 1 : 0;
    }
  g_assert_cmpuint (due, <, g_list_model_get_n_items (papers));
  documents = md_form_data_list_documents (data);
  g_assert_cmpuint (documents->len, ==, due);
}

/* What was attached outlives a crash as a draft does. */
static void
test_draft (void)
{
  g_autoptr (MdFormData) data = filled ();
  g_autoptr (MdFormData) again = fixture_data (FORM, MD_ROLE_CLERK_NUMBER);
  const char *facts[MD_N_DRAFT_FACTS] = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) text = NULL;
  g_autoptr (MdFormDraft) draft = NULL;
  g_autoptr (GPtrArray) left = NULL, before = opened_of (data), after = NULL;
  g_autoptr (MdScanDocument) first = NULL;

  md_attachment_set_how (find_paper (data, "passbook"), MD_PAPER_SEEN);
  text = md_form_data_to_draft (data, facts, &error);
  g_assert_no_error (error);
  draft = md_form_draft_parse (md_secret_get_data (text), md_secret_get_size (text), &error);
  g_assert_no_error (error);
  md_form_draft_read_scans (draft, NULL);
  left = md_form_data_take_draft (again, draft);
  after = opened_of (again);
  g_assert_cmpuint (after->len, ==, before->len);
  for (guint i = 0; i < after->len; i++)
    g_assert_cmpstr (md_scan_document_get_sha256 (after->pdata[i]), ==,
                     md_scan_document_get_sha256 (before->pdata[i]));
  g_assert_cmpint (md_attachment_get_how (find_paper (again, "history")), ==, MD_PAPER_KEPT);
  g_assert_cmpint (md_attachment_get_how (find_paper (again, "passbook")), ==, MD_PAPER_SEEN);
  first = g_list_model_get_item (md_attachment_get_documents (find_paper (again, "diagnosis")), 0);
  g_assert_cmpstr (md_scan_document_get_scanner (first), ==, "clamdscan");
}

/* By the class that the procedure gives the paper: a medical certificate is for nobody who may not
 * see health, and a checker sees it when it is revealed. */
static void
test_eyes (void)
{
  g_autoptr (MdFormData) data = filled ();
  static const struct
  {
    MdRole role;
    MdView plain, revealed;
  } rows[] = {
    { MD_ROLE_SUPERVISOR, MD_VIEW_MASKED, MD_VIEW_READABLE },
    { MD_ROLE_CHECKER, MD_VIEW_MASKED, MD_VIEW_READABLE },
    { MD_ROLE_CLERK, MD_VIEW_HIDDEN, MD_VIEW_HIDDEN },
    { MD_ROLE_INQUIRY, MD_VIEW_HIDDEN, MD_VIEW_HIDDEN },
    { MD_ROLE_AUDITOR, MD_VIEW_HIDDEN, MD_VIEW_HIDDEN },
    { MD_ROLE_ADMIN, MD_VIEW_HIDDEN, MD_VIEW_HIDDEN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdFormData) copy = for_officer (data, rows[i].role);
      MdAttachment *paper = find_paper (copy, "diagnosis");

      g_assert_cmpint (md_form_data_view_documents (copy, paper, FALSE), ==, rows[i].plain);
      g_assert_cmpint (md_form_data_view_documents (copy, paper, TRUE), ==, rows[i].revealed);
      md_form_data_set_covered (copy, TRUE);
      g_assert_cmpint (md_form_data_view_documents (copy, paper, TRUE), <=, MD_VIEW_PRESENCE);
    }
}

/* The form is made anew (what was read from the card goes, another procedure is chosen): its papers
 * come along, due or not, and what becomes of the form of before is nothing to them. */
static void
test_carry_over (void)
{
  g_autoptr (MdFormData) data = filled (), again = fixture_data (FORM, MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdFormData) other = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdAttachment *diagnosis = find_paper (again, "diagnosis");
  g_autoptr (MdScanDocument) first = NULL, second = NULL;

  md_attachment_set_how (find_paper (data, "passbook"), MD_PAPER_SEEN);
  md_attachment_set_inquiry (find_paper (data, "first-visit"), "JS-2026-000123");
  md_form_data_carry_over (again, data);
  md_form_data_wipe (data);
  first = g_list_model_get_item (md_attachment_get_documents (diagnosis), 0);
  second = g_list_model_get_item (md_attachment_get_documents (diagnosis), 1);
  g_assert_nonnull (first);
  g_assert_nonnull (second);
  md_assert_bytes (md_secret_get_data (md_scan_document_get_bytes (first)),
                   md_scan_document_get_size (first), sample_jpeg, sizeof sample_jpeg);
  g_assert_cmpint (md_scan_document_get_facts (second)->kind, ==, MD_SCAN_PNG);
  g_assert_cmpstr (md_scan_document_get_scanner (first), ==, "clamdscan");
  g_assert_cmpint (md_attachment_get_how (diagnosis), ==, MD_PAPER_SCANNED);
  g_assert_cmpint (md_attachment_get_how (find_paper (again, "history")), ==, MD_PAPER_KEPT);
  g_assert_cmpuint (
      g_list_model_get_n_items (md_attachment_get_documents (find_paper (again, "history"))), ==,
      1);
  g_assert_cmpint (md_attachment_get_how (find_paper (again, "passbook")), ==, MD_PAPER_SEEN);
  g_assert_cmpstr (md_attachment_get_inquiry (find_paper (again, "first-visit")), ==,
                   "JS-2026-000123");
  g_assert_cmpint (md_attachment_get_how (find_paper (data, "diagnosis")), ==, MD_PAPER_NOT_THERE);
  /* Where nobody asks for that paper it goes with the form. */
  md_form_data_carry_over (other, again);
  md_form_data_wipe (again);
  g_assert_null (md_scan_document_get_bytes (first));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/attachment/how", test_how);
  g_test_add_func ("/forms/attachment/waived", test_waived);
  g_test_add_func ("/forms/attachment/waived-is-sealed", test_waived_is_sealed);
  g_test_add_func ("/forms/attachment/waived-before", test_waived_before);
  g_test_add_func ("/forms/attachment/closed", test_closed);
  g_test_add_func ("/forms/attachment/application", test_application);
  g_test_add_func ("/forms/attachment/exchanged", test_exchanged);
  g_test_add_func ("/forms/attachment/not-due", test_not_due);
  g_test_add_func ("/forms/attachment/draft", test_draft);
  g_test_add_func ("/forms/attachment/carry-over", test_carry_over);
  g_test_add_func ("/forms/attachment/eyes", test_eyes);
  return g_test_run ();
}
