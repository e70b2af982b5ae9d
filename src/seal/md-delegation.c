// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-pki.h>
#include <string.h>
#include "md-delegation-private.h"

G_DEFINE_BOXED_TYPE (MdDelegation, md_delegation, md_delegation_copy, md_delegation_free)

#define MEMBER "delegation"
#define CODE_SIZE 16u
#define GROUP 4u

/* No letter that is taken for a digit, none for another. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static const char *const findings[MD_N_DELEGATION_FINDINGS] = {
  [MD_DELEGATION_COVERS] = "covers", [MD_DELEGATION_OTHER_PROCEDURE] = "procedure",
  [MD_DELEGATION_EARLY] = "early",   [MD_DELEGATION_OVER] = "over",
  [MD_DELEGATION_ENDED] = "ended",
};

static const char *const sides[] = {
  [MD_DELEGATION_PRINCIPAL] = "principal",
  [MD_DELEGATION_DELEGATE] = "delegate",
};

static const MdSealTextRow rows[] = {
  { G_STRUCT_OFFSET (MdDelegation, from), "from", MD_SEAL_TEXT_DAY },
  { G_STRUCT_OFFSET (MdDelegation, to), "to", MD_SEAL_TEXT_DAY },
  { G_STRUCT_OFFSET (MdDelegation, principal), "principal", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdDelegation, delegate), "delegate", MD_SEAL_TEXT_SHA256 },
};

static const MdSealTexts texts = MD_SEAL_TEXTS (rows);

static const char *const members[]
    = { "procedures", "from", "to", "principal", "delegate", "amends", "ended", NULL };

MdDelegation *
md_delegation_new (void)
{
  return g_new0 (MdDelegation, 1);
}

MdDelegation *
md_delegation_copy (const MdDelegation *self)
{
  MdDelegation *copy = md_delegation_new ();

  copy->procedures = g_strdupv (self->procedures);
  md_seal_texts_copy (&texts, self, copy);
  copy->amends = g_strdup (self->amends);
  copy->ended = self->ended;
  return copy;
}

void
md_delegation_free (MdDelegation *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->procedures);
  md_seal_texts_clear (&texts, self);
  g_free (self->amends);
  g_free (self);
}

/* What a change may change. */
static gboolean
allows_the_same (const MdDelegation *a, const MdDelegation *b)
{
  return g_strv_equal ((const char *const *)a->procedures, (const char *const *)b->procedures)
         && strcmp (a->to, b->to) == 0;
}

/* And what it may not. */
static gboolean
is_of_the_same (const MdDelegation *a, const MdDelegation *b)
{
  return strcmp (a->from, b->from) == 0 && strcmp (a->principal, b->principal) == 0
         && strcmp (a->delegate, b->delegate) == 0;
}

gboolean
md_delegation_equal (const MdDelegation *a, const MdDelegation *b)
{
  return allows_the_same (a, b) && is_of_the_same (a, b) && g_strcmp0 (a->amends, b->amends) == 0
         && a->ended == b->ended;
}

gboolean
md_delegation_is_decided_by (const char *procedure)
{
  return strcmp (procedure, MD_DELEGATION_PROCEDURE) == 0
         || strcmp (procedure, MD_DELEGATION_CHANGE) == 0;
}

MdDelegationFinding
md_delegation_judge (const MdDelegation *self, const char *procedure, const char *day)
{
  const gboolean changes = strcmp (procedure, MD_DELEGATION_CHANGE) == 0;

  if (self->ended)
    return MD_DELEGATION_ENDED;
  if (!changes && !g_strv_contains ((const char *const *)self->procedures, procedure))
    return MD_DELEGATION_OTHER_PROCEDURE;
  if (!changes && strcmp (day, self->from) < 0)
    return MD_DELEGATION_EARLY;
  return strcmp (day, self->to) > 0 ? MD_DELEGATION_OVER : MD_DELEGATION_COVERS;
}

const char *
md_delegation_finding_to_string (MdDelegationFinding finding)
{
  g_return_val_if_fail (finding < MD_N_DELEGATION_FINDINGS, "");
  return findings[finding];
}

/* --- The code --- */

MdSecret *
md_delegation_make_code (void)
{
  guint8 random[CODE_SIZE];
  MdSecret *code = md_secret_new (CODE_SIZE + CODE_SIZE / GROUP);

  md_random_fill (random, sizeof random);
  for (guint i = 0; i < CODE_SIZE; i++)
    if ((i > 0 && i % GROUP == 0 && !md_secret_append (code, "-", 1))
        || !md_secret_append (code, &alphabet[random[i] % 32], 1))
      g_assert_not_reached ();
  md_wipe (random, sizeof random);
  return code;
}

static char
read_letter (char letter)
{
  const char upper = g_ascii_toupper (letter);

  if (upper == 'O')
    return '0';
  if (upper == 'I' || upper == 'L')
    return '1';
  return upper;
}

MdSecret *
md_delegation_read_code (const char *text)
{
  g_autoptr (MdSecret) code = md_secret_new (CODE_SIZE);

  for (const char *at = text; at != NULL && *at != '\0'; at++)
    {
      const char letter = read_letter (*at);

      if (letter == '-' || letter == ' ')
        continue;
      if (strchr (alphabet, letter) == NULL || !md_secret_append (code, &letter, 1))
        return NULL;
    }
  return md_secret_get_size (code) == CODE_SIZE ? g_steal_pointer (&code) : NULL;
}

char *
md_delegation_bind (const char *intake, MdDelegationSide side, const MdSecret *code, GBytes *who)
{
  md_autowipe char *person = md_hex_encode_bytes (who);
  const char *const parts[] = { "madoguchi delegation v1", sides[side], intake, person, NULL };
  guint8 digest[MD_KEYED_DIGEST_SIZE];

  md_keyed_digest (code, parts, digest);
  return md_hex_encode (digest, sizeof digest);
}

gboolean
md_delegation_is_of (const MdDelegation *self, const char *intake, const char *code,
                     const MdDelegationPeople *people)
{
  g_autoptr (MdSecret) key = code != NULL ? md_delegation_read_code (code) : NULL;
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;

  if (key == NULL || people->principal == NULL || people->delegate == NULL)
    return FALSE;
  one = md_delegation_bind (intake, MD_DELEGATION_PRINCIPAL, key, people->principal);
  other = md_delegation_bind (intake, MD_DELEGATION_DELEGATE, key, people->delegate);
  return strcmp (one, self->principal) == 0 && strcmp (other, self->delegate) == 0;
}

/* --- In a decision --- */

static gboolean
procedures_are_right (char **procedures)
{
  const guint n = procedures != NULL ? g_strv_length (procedures) : 0;

  for (guint i = 0; i < n; i++)
    {
      if (!md_seal_text_fits (procedures[i], MD_SEAL_TEXT_WORD))
        return FALSE;
      for (guint k = 0; k < i; k++)
        if (strcmp (procedures[i], procedures[k]) == 0)
          return FALSE;
    }
  return n >= 1 && n <= MD_DELEGATION_MAX_PROCEDURES;
}

gboolean
md_delegation_is_right (const MdDelegation *self)
{
  return procedures_are_right (self->procedures) && md_seal_texts_find_wrong (&texts, self) == NULL
         && strcmp (self->from, self->to) <= 0
         && (self->amends == NULL ? !self->ended
                                  : md_seal_text_fits (self->amends, MD_SEAL_TEXT_SHA256));
}

void
md_delegation_write (JsonBuilder *builder, const MdDelegation *self)
{
  json_builder_set_member_name (builder, MEMBER);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "procedures");
  json_builder_begin_array (builder);
  for (guint i = 0; self->procedures[i] != NULL; i++)
    json_builder_add_string_value (builder, self->procedures[i]);
  json_builder_end_array (builder);
  md_seal_texts_write (&texts, self, builder);
  if (self->amends != NULL)
    md_seal_json_add (builder, "amends", self->amends);
  if (self->ended)
    {
      json_builder_set_member_name (builder, "ended");
      json_builder_add_boolean_value (builder, TRUE);
    }
  json_builder_end_object (builder);
}

static char **
read_procedures (MdSealJson *json)
{
  JsonNode *node
      = json->object != NULL ? json_object_get_member (json->object, "procedures") : NULL;
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  JsonArray *array
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  const guint n = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n && i < MD_DELEGATION_MAX_PROCEDURES; i++)
    {
      JsonNode *entry = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (entry) || json_node_get_value_type (entry) != G_TYPE_STRING)
        return NULL;
      g_strv_builder_add (list, json_node_get_string (entry));
    }
  return g_strv_builder_end (list);
}

MdDelegation *
md_delegation_read (MdSealJson *json)
{
  g_autoptr (MdDelegation) self = md_delegation_new ();
  MdSealJson inside = md_seal_json_enter (json, MEMBER);

  md_seal_json_know (json, inside.object, members);
  self->procedures = read_procedures (&inside);
  md_seal_texts_read (&texts, self, &inside);
  if (inside.failed == NULL && json_object_has_member (inside.object, "amends"))
    self->amends = md_seal_json_text (&inside, "amends", MD_SEAL_TEXT_SHA256);
  /* "false" is written as nothing: md_seal_entry_parse() finds it. */
  self->ended = inside.failed == NULL && json_object_has_member (inside.object, "ended");
  if (inside.failed == NULL && md_delegation_is_right (self))
    return g_steal_pointer (&self);
  json->failed = MEMBER;
  return NULL;
}

/* --- By its form --- */

static char **
collect_procedures (MdDelegationLookup look_up, gpointer data)
{
  static const char *const fields[] = { "g.proc1", "g.proc2", "g.proc3" };
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *procedure = look_up (fields[i], data);

      if (procedure != NULL)
        g_strv_builder_add (list, procedure);
    }
  return g_strv_builder_end (list);
}

MdDelegation *
md_delegation_new_from_form (const char *intake, MdDelegationLookup look_up, gpointer data,
                             const MdDelegationPeople *people)
{
  g_autoptr (MdSecret) code = md_delegation_read_code (look_up ("g.code", data));
  g_autoptr (MdDelegation) self = md_delegation_new ();

  if (code == NULL || people->principal == NULL || people->delegate == NULL)
    return NULL;
  self->procedures = collect_procedures (look_up, data);
  self->from = g_strdup (look_up ("g.date", data));
  self->to = g_strdup (look_up ("g.valid_to", data));
  self->principal = md_delegation_bind (intake, MD_DELEGATION_PRINCIPAL, code, people->principal);
  self->delegate = md_delegation_bind (intake, MD_DELEGATION_DELEGATE, code, people->delegate);
  return md_delegation_is_right (self) ? g_steal_pointer (&self) : NULL;
}

/* --- Changed --- */

MdDelegation *
md_delegation_new_changed (const MdDelegation *before, const char *decision,
                           MdDelegationLookup look_up, gpointer data)
{
  g_autoptr (MdDelegation) after = md_delegation_copy (before);
  const char *change = look_up ("g.change", data);
  const char *to = look_up ("g.valid_to", data);

  g_free (after->amends);
  after->amends = g_strdup (decision);
  after->ended = g_strcmp0 (change, "end") == 0;
  if (!after->ended && look_up ("g.proc1", data) != NULL)
    {
      g_strfreev (after->procedures);
      after->procedures = collect_procedures (look_up, data);
    }
  if (!after->ended && to != NULL)
    {
      g_free (after->to);
      after->to = g_strdup (to);
    }
  if ((!after->ended && g_strcmp0 (change, "amend") != 0)
      || !md_delegation_may_follow (after, before, decision))
    return NULL;
  return g_steal_pointer (&after);
}

gboolean
md_delegation_may_follow (const MdDelegation *after, const MdDelegation *before,
                          const char *decision)
{
  return md_delegation_is_right (after) && g_strcmp0 (after->amends, decision) == 0
         && !before->ended && is_of_the_same (after, before)
         && after->ended == allows_the_same (after, before);
}
