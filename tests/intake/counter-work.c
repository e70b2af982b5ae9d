// SPDX-License-Identifier: Apache-2.0
/* What a clerk and an approver do from one end to the other. */
#include "../policy-sign.h"
#include "counter.h"

#include <signal.h>
#include <string.h>

void
counter_fill (MdFormData *data)
{
  static const char *const values[][2] = {
    { "p.kana", "てすと たろう" },  { "p.tel", "03-1234-5678" },    { "n.bpn", "1234-567890" },
    { "p.hh_head", "世帯主 太郎" }, { "n.ex_kind", "full" },        { "inc.declared", "done" },
    { "k.insured", "1234567890" },  { "k.doctor", "架空 医師" },    { "k.hospital", "青空病院" },
    { "k.survey_place", "自宅" },   { "k.survey_contact", "長女" }, { "k.consent_info", "true" },
    { "l.insured", "12345674" },    { "l.cert_reason", "lost" },    { "p.relation", "child" },
    { "p.standing", "insured" },
  };
  const char *today = md_form_data_get_today (data);
  int year = (int)g_ascii_strtoll (today, NULL, 10);
  g_autofree char *y = NULL, *from = NULL, *to = NULL;

  /* The exemption year that has begun: July to June. */
  if (strncmp (today + 5, "07", 2) < 0)
    year--;
  y = g_strdup_printf ("%d", year);
  from = g_strdup_printf ("%d-07", year);
  to = g_strdup_printf ("%d-06", year + 1);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      MdEntry *entry = md_form_data_get_entry (data, values[i][0]);

      if (!entry)
        continue;
      md_entry_show_declaration (entry, TRUE);
      md_entry_set_text (entry, values[i][1]);
      g_assert_true (md_entry_commit (entry));
    }
  if (!md_form_data_get_entry (data, "n.ex_year"))
    return;
  md_entry_set_text (md_form_data_get_entry (data, "n.ex_year"), y);
  md_entry_set_text (md_form_data_get_entry (data, "n.ex_from"), from);
  md_entry_set_text (md_form_data_get_entry (data, "n.ex_to"), to);
}

MdIntake *
counter_begin (Counter *self, const char *procedure)
{
  MdIntake *intake = md_desk_begin_intake (self->desk);
  g_autoptr (GError) error = NULL;

  g_assert_true (
      counter_choose (intake, md_catalogue_get_form (self->catalogue, procedure), &error));
  g_assert_no_error (error);
  md_intake_acknowledge_notice (intake);
  return intake;
}

void
counter_assert_trouble (MdIntake *intake)
{
  MdTrouble *trouble = md_intake_get_trouble (intake);

  g_assert_nonnull (trouble);
  g_assert_cmpuint (strlen (md_trouble_get_title (trouble)), >, 5);
  g_test_message ("%s | %s | %s", md_trouble_get_title (trouble), md_trouble_get_meaning (trouble),
                  md_trouble_get_action (trouble));
  g_assert_nonnull (md_trouble_get_action (trouble));
}

MdIntake *
counter_take_in (Counter *self, const char *procedure, const char *person)
{
  MdIntake *intake = counter_begin (self, procedure);
  g_autoptr (GError) error = NULL;

  counter_insert (self, "resident", person);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (self, intake, person, &error));
  g_assert_no_error (error);
  g_assert_true (md_intake_advance (intake));
  counter_fill (md_intake_get_data (intake));
  if (!md_intake_advance (intake))
    {
      GListModel *findings = md_form_data_get_findings (md_intake_get_data (intake));

      for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
        {
          g_autoptr (MdFinding) finding = g_list_model_get_item (findings, i);

          g_printerr ("%s\n", md_finding_get_message (finding));
        }
    }
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONFIRM);
  return intake;
}

MdApproval *
counter_begin_approval (Counter *self)
{
  g_autoptr (MdIntakeRow) row = NULL;
  MdApproval *approval;

  await (g_list_model_get_n_items (md_desk_get_approvals (self->desk)) > 0);
  row = g_list_model_get_item (md_desk_get_approvals (self->desk), 0);
  approval = md_desk_begin_approval (self->desk, row);
  counter_wait (approval, "wait", MD_APPROVAL_WAIT_PIN);
  return approval;
}

MdApproval *
counter_open_waiting (Counter *self)
{
  g_autoptr (GError) error = NULL;
  MdApproval *approval;

  counter_login (self, "S0101");
  approval = counter_begin_approval (self);
  g_assert_true (counter_open (self, approval, "S0101", &error));
  g_assert_no_error (error);
  return approval;
}

/* --- another policy --- */

static void
drop_authority (JsonObject *root)
{
  JsonObject *trust = json_object_get_object_member (root, "trust");

  json_array_remove_element (json_object_get_array_member (trust, "jpki_auth"), 0);
}

static void
write_policy (Counter *self, guint version, const char *json, void (*change) (JsonObject *root))
{
  g_autofree char *from = g_build_filename (self->world, "policy", "policy.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  JsonObject *root;

  g_assert_true (json_parser_load_from_file (parser, from, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  json_object_set_int_member (root, "version", version);
  if (change)
    change (root);
  json_generator_set_root (generator, json_parser_get_root (parser));
  g_assert_true (json_generator_to_file (generator, json, NULL));
}

void
counter_install_policy (Counter *self, guint version, void (*change) (JsonObject *root))
{
  g_autofree char *json = g_strconcat (self->settings, ".policy.json", NULL);
  g_autofree char *bundle = g_strconcat (self->settings, ".policy.cms", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  write_policy (self, version, json, change);
  sign_policy (self->world, json, bundle);
  g_assert_true (g_key_file_load_from_file (file, self->settings, G_KEY_FILE_NONE, NULL));
  g_key_file_set_string (file, "policy", "bundle", bundle);
  g_assert_true (g_key_file_save_to_file (file, self->settings, NULL));
}

void
counter_renew_policy_with (Counter *self, guint version, void (*change) (JsonObject *root))
{
  counter_install_policy (self, version, change);
  counter_stop_daemon (self, SIGTERM);
  counter_wait (self->desk, "state", MD_DESK_NO_SERVICE);
  counter_start_daemon (self);
  await (md_policy_get_version (md_desk_get_policy (self->desk)) == version);
}

void
counter_renew_policy (Counter *self, guint version)
{
  counter_renew_policy_with (self, version, drop_authority);
}

void
counter_type (MdIntake *intake, const char *field, const char *text)
{
  MdEntry *entry = md_form_data_get_entry (md_intake_get_data (intake), field);

  g_assert_nonnull (entry);
  md_entry_set_text (entry, text);
  if (!md_entry_commit (entry))
    g_error ("%s = %s: %s", field, text, md_entry_get_error (entry));
}

void
counter_type_person (MdIntake *intake, const char *name)
{
  counter_type (intake, "p.name", name);
  counter_type (intake, "p.birth", "S55.4.12");
  counter_type (intake, "p.sex", "female");
  counter_type (intake, "p.addr", "東京都あおぞら区若葉三丁目4番5号");
}

const char *
counter_value (MdIntake *intake, const char *field)
{
  return md_form_data_get_value (md_intake_get_data (intake), field);
}

gboolean
counter_has_check (GListModel *checks, const char *id, MdCheckState state)
{
  for (guint i = 0; i < g_list_model_get_n_items (checks); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (checks, i);

      if (g_str_equal (md_check_get_id (check), id))
        return md_check_get_state (check) == state;
    }
  return FALSE;
}

MdPaper
counter_paper (const char *kind, const char *last, const char *expiry)
{
  MdPaper made = { 0 };

  g_strlcpy (made.kind, kind, sizeof made.kind);
  g_assert_true (md_paper_take_last (&made, last));
  g_assert_true (md_paper_take_expiry (&made, expiry));
  return made;
}

gboolean
counter_show_licence (MdIntake *intake, const char *last)
{
  MdPapers papers = { .no_card = MD_NO_CARD_NOT_BROUGHT };

  counter_wait (intake, "wait", MD_WAIT_CARD);
  md_intake_use_papers (intake);
  g_assert_true (md_intake_take_papers (intake, &papers));
  papers.shown[0] = counter_paper ("licence", last, "2099-05-01");
  g_assert_true (md_intake_take_papers (intake, &papers));
  papers.photo = MD_FACE_ANSWER_SAME;
  papers.compared = MD_COMPARED_NAME | MD_COMPARED_BIRTH;
  return md_intake_take_papers (intake, &papers);
}

MdIntake *
counter_by_licence (Counter *counter, const char *last)
{
  MdIntake *intake = counter_begin (counter, "pension.exemption");

  g_assert_true (counter_show_licence (intake, last));
  g_assert_true (md_intake_advance (intake));
  return intake;
}

void
counter_assert_erased (MdIntake *intake)
{
  static const char *const fields[] = { "p.name", "p.birth", "p.addr", "p.sex", "e.cert_serial" };
  g_autofree char *name = NULL;

  g_object_get (md_intake_get_person (intake), "name", &name, NULL);
  g_assert_cmpstr (name ? name : "", ==, "");
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    g_assert_null (counter_value (intake, fields[i]));
  g_assert_false (
      md_entry_get_filled (md_form_data_get_entry (md_intake_get_data (intake), "p.mynum")));
  g_assert_cmpuint (g_list_model_get_n_items (md_intake_get_checks (intake)), ==, 0);
  g_assert_cmpstr (counter_value (intake, "n.bpn"), ==, "1234567890");
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_IDENTIFY);
  g_assert_false (md_intake_take_not_erased (intake));
}
