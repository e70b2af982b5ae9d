// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include <json-glib/json-glib.h>
#include <string.h>

static char *
source_file (const char *path)
{
  return g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), path, NULL);
}

static MdCatalogue *
load_once (MdCatalogue **catalogue, const char *folder)
{
  g_autofree char *path = source_file (folder);
  g_autoptr (GError) error = NULL;

  if (!*catalogue)
    *catalogue = md_catalogue_load (path, &error);
  g_assert_no_error (error);
  return *catalogue;
}

MdCatalogue *
fixture_catalogue (void)
{
  static MdCatalogue *catalogue;

  return load_once (&catalogue, "data/forms");
}

MdCatalogue *
fixture_sample (void)
{
  static MdCatalogue *catalogue;

  return load_once (&catalogue, "tests/forms/sample");
}

const MdVisibility *
fixture_visibility (void)
{
  static MdVisibility *visibility;
  g_autofree char *path = source_file ("data/policy/visibility.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (visibility)
    return visibility;
  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  visibility
      = md_visibility_new_from_json (json_node_get_object (json_parser_get_root (parser)), &error);
  g_assert_no_error (error);
  return visibility;
}

MdViewer
fixture_viewer (MdRole role)
{
  return (MdViewer){ .table = fixture_visibility (),
                     .roles = MD_ROLES (role),
                     .situation
                     = (MdSituation)(MD_SITUATION_OFFICE | MD_SITUATION_OWN | MD_SITUATION_OPEN) };
}

MdFormData *
fixture_data (const char *form, MdRole role)
{
  MdViewer viewer = fixture_viewer (role);
  MdForm *definition = md_catalogue_get_form (fixture_catalogue (), form);

  g_assert_nonnull (definition);
  return md_form_data_new (definition, &viewer, MD_STEP_ENTRY, FIXTURE_TODAY);
}

void
fixture_type (MdFormData *data, const char *field, const char *text)
{
  MdEntry *entry = md_form_data_get_entry (data, field);

  g_assert_nonnull (entry);
  md_entry_show_declaration (entry, TRUE);
  md_entry_set_text (entry, text);
  md_entry_commit (entry);
}

void
fixture_person (MdFormData *data, const char *birth, const char *sex)
{
  MdCardValues card = {
    .name = "田中 太郎", .address = "架空県あおぞら区青空一丁目2番3号", .birth = birth, .sex = sex
  };

  card.number = md_secret_new_from_text ("123456789018");
  md_form_data_prefill_card (data, &card);
  md_secret_unref (card.number);
  fixture_type (data, "p.kana", "たなか たろう");
  if (md_form_data_get_entry (data, "p.tel"))
    fixture_type (data, "p.tel", "090-1234-5678");
  if (!md_form_data_get_entry (data, "p.mynum") && md_form_data_get_entry (data, "e.num_missing"))
    fixture_type (data, "e.num_missing", "no-authority");
}

void
fixture_fill (MdFormData *data, const char *birth)
{
  static const char *const values[][3] = {
    { "pension.exemption", "n.bpn", "1234-567890" },
    { "pension.exemption", "p.hh_head", "田中 太郎" },
    { "pension.exemption", "p.relation", "self" },
    { "pension.exemption", "n.ex_kind", "full" },
    { "pension.exemption", "n.ex_year", "2026" },
    { "pension.exemption", "n.ex_from", "R8.7" },
    { "pension.exemption", "n.ex_to", "2027/6" },
    { "pension.exemption", "inc.declared", "done" },
    { "care.certification", "p.standing", "insured" },
    { "care.certification", "k.insured", "1234567890" },
    { "care.certification", "k.doctor", "架空 医師" },
    { "care.certification", "k.hospital", "青空病院" },
    { "care.certification", "k.survey_place", "自宅" },
    { "care.certification", "k.survey_contact", "長女 090-1111-2222" },
    { "care.certification", "k.consent_info", "true" },
    { "lem.certificate", "p.standing", "insured" },
    { "lem.certificate", "l.insured", "12345674" },
    { "lem.certificate", "l.cert_reason", "lost" },
  };
  const char *form = md_form_get_id (md_form_data_get_form (data));

  fixture_person (data, birth, "male");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (g_str_equal (values[i][0], form))
      fixture_type (data, values[i][1], values[i][2]);
}

static const char *
place_of (MdFinding *finding)
{
  MdEntry *entry = md_finding_get_entry (finding);

  return entry ? md_entry_get_id (entry) : "-";
}

gboolean
fixture_has_finding (MdFormData *data, const char *field, gboolean stops)
{
  GListModel *findings = md_form_data_get_findings (data);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (MdFinding) finding = g_list_model_get_item (findings, i);

      if (g_str_equal (place_of (finding), field) && md_finding_get_stops (finding) == stops)
        return TRUE;
    }
  return FALSE;
}

gboolean
fixture_says (MdFormData *data, const char *field, const char *words)
{
  GListModel *findings = md_form_data_get_findings (data);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (MdFinding) finding = g_list_model_get_item (findings, i);

      if (strstr (md_finding_get_message (finding), words)
          && (!field || g_str_equal (place_of (finding), field)))
        return TRUE;
    }
  return FALSE;
}

/* Into the test's log. */
static gboolean
validate (MdFormData *data)
{
  GListModel *findings = md_form_data_get_findings (data);
  gboolean valid = md_form_data_validate (data);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (MdFinding) finding = g_list_model_get_item (findings, i);

      g_test_message ("%s: %s", place_of (finding), md_finding_get_message (finding));
    }
  return valid;
}

void
fixture_assert_valid (MdFormData *data)
{
  g_assert_true (validate (data));
}

void
fixture_assert_stops_at (MdFormData *data, const char *field)
{
  g_assert_false (validate (data));
  g_assert_true (fixture_has_finding (data, field, TRUE));
  g_assert_nonnull (md_entry_get_error (md_form_data_get_entry (data, field)));
}

static void
line_free (gpointer data)
{
  FixtureLine *self = data;

  g_strfreev (self->words);
  g_free (self);
}

GPtrArray *
fixture_load_lines (const char *name)
{
  g_autofree char *relative = g_build_filename ("tests", "forms", name, NULL);
  g_autofree char *path = source_file (relative);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *loaded = g_ptr_array_new_with_free_func (line_free);

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (lines[i][0] != '\0' && lines[i][0] != '#')
      {
        FixtureLine *line = g_new (FixtureLine, 1);

        *line = (FixtureLine){ .words = g_strsplit (lines[i], "\t", -1), .line = i + 1 };
        g_ptr_array_add (loaded, line);
      }
  return loaded;
}
