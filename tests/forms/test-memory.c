// SPDX-License-Identifier: Apache-2.0
/* What a person told is in memory while the form is open, and nowhere in it afterwards: not where
 * it was typed, checked, shown, written, read, or given back to the heap. */
#include "fixture.h"

#include <memory-scan.h>

#define INTAKE "0198c0de-0000-7000-8000-000000000001"
#define NUMBER "123456789018"
#define NAME "田中 太郎"
#define ADDRESS "架空県あおぞら区青空一丁目2番3号"
#define KANA "タナカ　タロウ"
#define PHONE "090-1234-5678"
#define PENSION_NUMBER "2468-135790"
#define MEMO "窓口で聞き取った事情"
#define REASON "転居したばかりのため"
#define OTHER_ADDRESS "架空県みどり区緑町四丁目5番6号"

static const char *const needles[]
    = { NUMBER,         NAME,         ADDRESS, KANA,   PHONE,
        PENSION_NUMBER, "2468135790", MEMO,    REASON, OTHER_ADDRESS };

static void
assert_nothing_left (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (needles); i++)
    {
      g_test_message ("looking for needle %u", i);
      g_assert_cmpuint (memory_scan (needles[i]), ==, 0);
    }
}

static void
fill (MdFormData *data)
{
  MdEntry *address = md_form_data_get_entry (data, "p.addr");

  fixture_fill (data, "1985-04-01");
  fixture_type (data, "n.bpn", PENSION_NUMBER);
  fixture_type (data, "m.memo", MEMO);
  g_assert_true (md_entry_unlock (address, REASON, NULL));
  fixture_type (data, "p.addr", OTHER_ADDRESS);
}

static void
take_in (MdSecret **out_application, MdSecret **out_number)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  g_autoptr (GError) error = NULL;

  fill (data);
  g_assert_cmpuint (memory_scan (OTHER_ADDRESS), >=, 1);
  *out_application = md_form_data_to_application (data, INTAKE, &error);
  g_assert_no_error (error);
  *out_number = md_form_data_to_number (data, INTAKE, &error);
  g_assert_no_error (error);
}

/* The officer's side, with what the lists of the window ask for. */
static void
look (MdSecret *application, MdSecret *number)
{
  MdViewer officer = fixture_viewer (MD_ROLE_SUPERVISOR);
  g_autoptr (MdFormData) data
      = md_form_data_new (md_catalogue_get_form (fixture_catalogue (), "pension.exemption"),
                          &officer, MD_STEP_APPROVAL, FIXTURE_TODAY);
  g_autoptr (GError) error = NULL;

  g_assert_true (md_form_data_load (data, application, number, INTAKE, &error));
  g_assert_no_error (error);
  md_entry_set_revealed (md_form_data_get_entry (data, "p.mynum"), TRUE);
  g_assert_nonnull (md_entry_get_display (md_form_data_get_entry (data, "p.name")));
  md_form_data_wipe (data);
  g_assert_true (md_form_data_is_empty (data));
}

static void
pass_through (void)
{
  g_autoptr (MdSecret) application = NULL;
  g_autoptr (MdSecret) number = NULL;

  take_in (&application, &number);
  look (application, number);
}

/* Suspended, and taken up again. */
static void
suspend (void)
{
  static const char *const facts[MD_N_DRAFT_FACTS] = { [MD_DRAFT_CLERK] = "S0001" };
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdFormData) again = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdSecret) text = NULL;
  g_autoptr (MdFormDraft) draft = NULL;
  g_autoptr (GPtrArray) left = NULL;

  fill (data);
  text = md_form_data_to_draft (data, facts, NULL);
  draft = md_form_draft_parse (md_secret_get_data (text), md_secret_get_size (text), NULL);
  left = md_form_data_take_draft (again, draft);
  g_assert_cmpstr (md_form_data_get_value (again, "p.addr"), ==, OTHER_ADDRESS);
}

static void
test_suspended_leaves_nothing (void)
{
  suspend ();
  assert_nothing_left ();
}

static void
test_leaves_nothing (void)
{
  pass_through ();
  assert_nothing_left ();
}

/* What does not fit is refused half read. */
static void
read_broken (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_SUPERVISOR);
  g_autoptr (MdSecret) part = md_secret_new_from_text (
      "{\"schema\":\"madoguchi-application/1\",\"intake\":\"" INTAKE
      "\",\"procedure\":\"pension.exemption\",\"procedure_version\":\"1\",\"values\":{"
      "\"p.name\":\"" NAME "\",\"p.addr\":\"" OTHER_ADDRESS "\",\"m.memo\":\"" MEMO
      "\",\"p.birth\":\"" PHONE "\",\"nothing.of.ours\":\"" ADDRESS "\"}}");

  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (memory_scan (OTHER_ADDRESS), >=, 1);
  g_assert_false (md_form_data_load (data, part, NULL, INTAKE, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_FORM);
}

static void
test_refused_leaves_nothing (void)
{
  read_broken ();
  assert_nothing_left ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/memory/leaves-nothing", test_leaves_nothing);
  g_test_add_func ("/forms/memory/suspended-leaves-nothing", test_suspended_leaves_nothing);
  g_test_add_func ("/forms/memory/refused-leaves-nothing", test_refused_leaves_nothing);
  return g_test_run ();
}
