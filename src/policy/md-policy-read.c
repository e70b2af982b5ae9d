// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include <md-base.h>
#include <md-pki.h>

#include "md-policy-private.h"

#define CARD_AUTHORITY_DIGITS 7u
#define MAX_LIST 10000u
#define LIST_NAME "abcdefghijklmnopqrstuvwxyz0123456789-."
#define MAX_TERMINAL_KEYS 2u
#define MAX_TERMINAL_READERS 16u
#define READER_NAME_MAX 128u
#define RENEWAL_MONTHS 3u // nationally; MD_CARD_EXPIRY_MONTHS of src/card, where the source stands
#define RENEWAL_MONTHS_MAX 24
#define REGISTER_MONTHS 3u // the custom of offices; no law says it for all of them
#define REGISTER_MONTHS_MAX 24
#define POST_DAYS 90u // no office lets an application lie for three months: the day is mistyped
#define POST_DAYS_MAX 366
#define LETTER_MONTHS_MAX 120
#define ATTACHMENTS 20u
#define ATTACHMENTS_MAX 40
#define ATTACHMENT_BYTES (3u * 1000 * 1000)
#define ATTACHMENTS_BYTES (8u * 1000 * 1000)
#define ATTACHMENTS_BYTES_MAX (16 * 1000 * 1000) // a draft holds them as text, in one secret
#define LETTER_DAYS 90u // as long as what came in its time may still be taken in
#define LETTER_DAYS_MAX 3660
#define DRAFT_HOURS 24u // till the person is back the next day
#define DRAFT_HOURS_MAX 168
#define CARD_AWAY_S 60u
#define CARD_AWAY_S_MAX 300

typedef const char *const Members[];

const char *
_md_policy_keep (MdPolicy *self, const char *text)
{
  return text ? g_string_chunk_insert_const (self->strings, text) : NULL;
}

const char *const *
_md_policy_keep_vector (MdPolicy *self, char **vector)
{
  g_ptr_array_add (self->vectors, vector);
  return (const char *const *)vector;
}

/* { "ja": ..., "en": ... } */
void
_md_policy_read_text (MdPolicy *self, MdJson *json, JsonObject *object, const char *member,
                      const char **out_ja, const char **out_en)
{
  static Members members = { "ja", "en", NULL };
  JsonObject *text = md_json_object (json, object, member);

  md_json_enter (json, "%s", member);
  md_json_only (json, text, members);
  *out_ja = _md_policy_keep (self, md_json_string (json, text, "ja"));
  *out_en = _md_policy_keep (self, md_json_string (json, text, "en"));
  md_json_leave (json);
}

static GBytes *
certificate_from_base64 (MdJson *json, const char *member, const char *text)
{
  g_autoptr (GBytes) der = NULL;
  g_autoptr (MdCertificate) certificate = NULL;
  GError *error = NULL;

  if (!text)
    return NULL;
  der = md_base64_decode (text, MD_LIMIT_CERTIFICATE, &error);
  if (der)
    certificate = md_certificate_new_from_der (der, &error);
  if (certificate)
    return g_steal_pointer (&der);
  md_json_fail (json, member, _ ("This is not a certificate (DER in base64): %s"), error->message);
  g_error_free (error);
  return NULL;
}

static GBytes *
read_certificate (MdJson *json, JsonObject *object, const char *member)
{
  return certificate_from_base64 (json, member, md_json_string (json, object, member));
}

MdRoles
_md_policy_read_roles (MdJson *json, JsonObject *object, const char *member)
{
  g_auto (GStrv) ids = md_json_strings (json, object, member, 1);
  MdRoles roles = 0;

  for (guint i = 0; ids[i]; i++)
    {
      MdRole role;

      if (md_role_from_id (ids[i], &role))
        roles |= MD_ROLES (role);
      else
        md_json_fail (json, member, _ ("There is no role \"%s\". Use one of the ten role ids."),
                      ids[i]);
    }
  return roles;
}

/* The keys by which the gateway knows the terminal: one, or two while it is being renewed. */
static const char *const *
read_keys (MdPolicy *self, MdJson *json, JsonObject *object)
{
  char **keys = md_json_strings (json, object, "keys", 1);
  guint n = g_strv_length (keys);

  for (guint i = 0; i < n; i++)
    if (strlen (keys[i]) != 64 || strspn (keys[i], "0123456789abcdef") != 64)
      md_json_fail (json, "keys",
                    _ ("A key is written as the SHA-256 of the certificate's public key: 64 digits "
                       "of 0-9 and a-f."));
  if (n > MAX_TERMINAL_KEYS)
    md_json_fail (json, "keys", _ ("A terminal has one key, or two while it is renewed."));
  return _md_policy_keep_vector (self, keys);
}

/* The card readers that may be used there; without the list, any. Not one of them would be a
 * terminal that takes in nothing, and is meant by nobody. */
static const char *const *
read_readers (MdPolicy *self, MdJson *json, JsonObject *object)
{
  char **readers;

  if (!md_json_has (json, object, "readers"))
    return NULL;
  readers = md_json_strings (json, object, "readers", 1);
  if (g_strv_length (readers) > MAX_TERMINAL_READERS)
    md_json_fail (json, "readers", _ ("A terminal has at most %u card readers."),
                  MAX_TERMINAL_READERS);
  for (guint i = 0; readers[i]; i++)
    if (*g_strstrip (readers[i]) == '\0' || strlen (readers[i]) > READER_NAME_MAX)
      md_json_fail (json, "readers",
                    _ ("A card reader is named as the card service names it, with or without the "
                       "two numbers at the end, by 1 to %u bytes."),
                    READER_NAME_MAX);
  return _md_policy_keep_vector (self, readers);
}

static void
read_terminal (MdPolicy *self, MdJson *json, JsonObject *object)
{
  static Members members = { "id", "serial", "counter", "receipt_pool", "keys", "readers", NULL };
  static Members pool_members = { "from", "to", NULL };
  MdPolicyTerminal *terminal = g_new0 (MdPolicyTerminal, 1);
  JsonObject *pool = md_json_object (json, object, "receipt_pool");

  g_ptr_array_add (self->terminals, terminal);
  md_json_only (json, object, members);
  terminal->id = _md_policy_keep (self, md_json_string (json, object, "id"));
  terminal->serial = (guint)md_json_int (json, object, "serial", 1, 999);
  _md_policy_read_text (self, json, object, "counter", &terminal->counter_ja,
                        &terminal->counter_en);
  md_json_enter (json, "receipt_pool");
  md_json_only (json, pool, pool_members);
  terminal->pool_from = (guint)md_json_int (json, pool, "from", 1, 999999);
  terminal->pool_to = (guint)md_json_int (json, pool, "to", terminal->pool_from, 999999);
  md_json_leave (json);
  terminal->keys = read_keys (self, json, object);
  terminal->readers = read_readers (self, json, object);
}

/* Without the list, the procedures of every section; with it, of those alone. */
static const char *const *
read_sections (MdPolicy *self, MdJson *json, JsonObject *object)
{
  char **sections;

  if (!md_json_has (json, object, "sections"))
    return NULL;
  sections = md_json_strings (json, object, "sections", 1);
  for (guint i = 0; sections[i]; i++)
    if (*sections[i] == '\0' || strchr (sections[i], '.'))
      md_json_fail (json, "sections",
                    _ ("A section is what stands before the dot in the ids of its procedures."));
  return _md_policy_keep_vector (self, sections);
}

static void
read_staff (MdPolicy *self, MdJson *json, JsonObject *object)
{
  static Members members
      = { "id", "name", "department", "roles", "number", "sections", "certificates", NULL };
  static Members kinds = { "auth", "sign", "km", NULL };
  MdPolicyStaff *staff = g_new0 (MdPolicyStaff, 1);
  const char *id = md_json_string (json, object, "id");
  JsonObject *certificates = md_json_object (json, object, "certificates");

  if (id && md_policy_get_staff (self, id))
    md_json_fail (json, "id",
                  _ ("There are two staff members with the id %s. Give each an id of their own."),
                  id);
  g_ptr_array_add (self->staff, staff);
  md_json_only (json, object, members);
  staff->id = _md_policy_keep (self, id);
  _md_policy_read_text (self, json, object, "name", &staff->name_ja, &staff->name_en);
  _md_policy_read_text (self, json, object, "department", &staff->department_ja,
                        &staff->department_en);
  staff->roles = _md_policy_read_roles (json, object, "roles");
  staff->number = md_json_boolean_or (json, object, "number", FALSE);
  staff->sections = read_sections (self, json, object);
  md_json_enter (json, "certificates");
  md_json_only (json, certificates, kinds);
  staff->auth = read_certificate (json, certificates, "auth");
  staff->sign = read_certificate (json, certificates, "sign");
  staff->key_agreement = read_certificate (json, certificates, "km");
  md_json_leave (json);
}

void
_md_policy_read_list (MdPolicy *self, MdJson *json, JsonObject *root, const char *member,
                      void (*read) (MdPolicy *, MdJson *, JsonObject *))
{
  JsonArray *array = md_json_array (json, root, member);
  guint n = array ? json_array_get_length (array) : 0;

  if (array && (n == 0 || n > MAX_LIST))
    md_json_fail (json, member, _ ("This list must have 1 to %u entries."), MAX_LIST);
  for (guint i = 0; i < n && !md_json_failed (json); i++)
    {
      md_json_enter (json, "%s[%u]", member, i);
      read (self, json, md_json_element_object (json, array, i));
      md_json_leave (json);
    }
}

static void
read_procedures (MdPolicy *self, MdJson *json, JsonObject *root)
{
  static Members members = { "clerks",    "approvers",      "checks",   "identification",
                             "assurance", "allow_deferred", "versions", NULL };
  JsonObject *object = md_json_object (json, root, "procedures");
  g_autoptr (GList) ids = object ? json_object_get_members (object) : NULL;

  md_json_enter (json, "procedures");
  for (GList *l = ids; l && !md_json_failed (json); l = l->next)
    {
      MdPolicyProcedure *procedure = g_new0 (MdPolicyProcedure, 1);
      JsonObject *rules = md_json_object (json, object, l->data);

      g_ptr_array_add (self->procedures, procedure);
      md_json_enter (json, "%s", (const char *)l->data);
      md_json_only (json, rules, members);
      procedure->id = _md_policy_keep (self, l->data);
      procedure->clerks = _md_policy_read_roles (json, rules, "clerks");
      procedure->approvers = _md_policy_read_roles (json, rules, "approvers");
      procedure->officers
          = md_json_has (json, rules, "checks")
                ? (guint)md_json_int (json, rules, "checks", 1, MD_POLICY_MAX_OFFICERS)
                : 1;
      _md_policy_read_identification (self, json, rules, procedure);
      procedure->allow_deferred = md_json_boolean_or (json, rules, "allow_deferred", FALSE);
      _md_policy_read_versions (self, json, rules);
      md_json_leave (json);
    }
  md_json_leave (json);
}

static void
read_card_authority (MdPolicy *self, MdJson *json, JsonObject *object)
{
  static Members members = { "id", "key", NULL };
  MdPolicyCardAuthority *authority = g_new0 (MdPolicyCardAuthority, 1);
  const char *key;
  GError *error = NULL;

  g_ptr_array_add (self->card_authorities, authority);
  md_json_only (json, object, members);
  authority->id = _md_policy_keep (self, md_json_string (json, object, "id"));
  key = md_json_string (json, object, "key");
  if (md_json_failed (json))
    return;
  if (!md_digits_is (authority->id, CARD_AUTHORITY_DIGITS))
    md_json_fail (json, "id", _ ("This must be the %u digits of the authority's key identifier."),
                  CARD_AUTHORITY_DIGITS);
  authority->key = md_base64_decode (key, MD_LIMIT_CERTIFICATE, &error);
  if (authority->key == NULL)
    md_json_fail_take (json, "key", error);
}

static void
read_anchors (MdPolicy *self, MdJson *json, JsonObject *trust, const char *member, MdAnchors kind)
{
  g_auto (GStrv) list = md_json_strings (json, trust, member, 1);

  for (guint i = 0; list[i] && !md_json_failed (json); i++)
    {
      GBytes *der = certificate_from_base64 (json, member, list[i]);

      if (der)
        g_ptr_array_add (self->anchors[kind], der);
    }
}

static void
read_trust (MdPolicy *self, MdJson *json, JsonObject *root)
{
  static Members members = { "jpki_auth", "jpki_sign", "staff", "receipt", "notice", "card", NULL };
  JsonObject *trust = md_json_object (json, root, "trust");

  md_json_enter (json, "trust");
  md_json_only (json, trust, members);
  for (guint kind = 0; kind < MD_N_ANCHORS; kind++)
    if (kind != MD_ANCHORS_NOTICE || md_json_has (json, trust, members[kind]))
      read_anchors (self, json, trust, members[kind], (MdAnchors)kind);
  if (md_json_has (json, trust, "card"))
    _md_policy_read_list (self, json, trust, "card", read_card_authority);
  md_json_leave (json);
}

/* Names of a permitted list, each of which must be one that the verifier knows. */
static const char *const *
read_algorithms (MdPolicy *self, MdJson *json, JsonObject *object, const char *member,
                 gboolean (*knows) (const char *))
{
  const char *const *ids = _md_policy_keep_vector (self, md_json_strings (json, object, member, 1));

  for (guint i = 0; ids && ids[i]; i++)
    if (!knows (ids[i]))
      md_json_fail (json, member, _ ("\"%s\" is no algorithm that can be permitted."), ids[i]);
  return ids;
}

static void
read_permitted (MdPolicy *self, MdJson *json, JsonObject *jpki)
{
  static Members members = { "keys", "hashes", NULL };
  JsonObject *object = md_json_object (json, jpki, "algorithms");

  md_json_enter (json, "algorithms");
  md_json_only (json, object, members);
  self->jpki.keys = read_algorithms (self, json, object, "keys", md_algorithms_knows_key);
  self->jpki.hashes = read_algorithms (self, json, object, "hashes", md_algorithms_knows_hash);
  md_json_leave (json);
}

/* What is signed itself needs no other line, and nothing but http is spoken there. */
/* By way of the gateway, as the wire spells it. */
static gboolean
is_line_path (const char *member, const char *url)
{
  const char *name = NULL;

  if (g_str_equal (member, "ocsp_url"))
    return g_str_equal (url, MD_POLICY_LINE_OCSP);
  if (!g_str_equal (member, "crl_urls") || !g_str_has_prefix (url, MD_POLICY_LINE_CRLS))
    return FALSE;
  name = url + strlen (MD_POLICY_LINE_CRLS);
  return *name != '\0' && *name != '.' && strspn (name, LIST_NAME) == strlen (name);
}

static void
check_url (MdJson *json, const char *member, const char *url)
{
  if (url && !is_line_path (member, url) && !md_ocsp_is_url (url))
    md_json_fail (json, member,
                  _ ("\"%s\" is no address that begins with http:// and names a host."), url);
}

/* Optional; empty without it. */
static const char *const *
read_urls (MdPolicy *self, MdJson *json, JsonObject *object, const char *member)
{
  char **none = NULL;
  const char *const *urls;

  if (!md_json_has (json, object, member))
    {
      none = g_new0 (char *, 1);
      return _md_policy_keep_vector (self, none);
    }
  urls = _md_policy_keep_vector (self, md_json_strings (json, object, member, 0));
  for (guint i = 0; urls && urls[i]; i++)
    check_url (json, member, urls[i]);
  return urls;
}

static void
read_jpki (MdPolicy *self, MdJson *json, JsonObject *root)
{
  static Members members = {
    "issuer_organizations", "policy_oids",        "ocsp_url",          "ocsp_allowed", "crl_urls",
    "ocsp_timeout_s",       "ocsp_max_age_hours", "crl_max_age_hours", "algorithms",   NULL
  };
  static Members lines = { "auth", "sign", NULL };
  JsonObject *object = md_json_object (json, root, "jpki");
  JsonObject *oids = md_json_object (json, object, "policy_oids");
  MdPolicyJpki *jpki = &self->jpki;

  md_json_enter (json, "jpki");
  md_json_only (json, object, members);
  jpki->issuer_organizations
      = _md_policy_keep_vector (self, md_json_strings (json, object, "issuer_organizations", 1));
  jpki->ocsp_url = _md_policy_keep (self, md_json_string_or (json, object, "ocsp_url", NULL));
  check_url (json, "ocsp_url", jpki->ocsp_url);
  jpki->ocsp_allowed = read_urls (self, json, object, "ocsp_allowed");
  jpki->crl_urls = read_urls (self, json, object, "crl_urls");
  jpki->ocsp_timeout_s = (guint)md_json_int (json, object, "ocsp_timeout_s", 1, 60);
  jpki->ocsp_max_age_hours = (guint)md_json_int (json, object, "ocsp_max_age_hours", 1, 24 * 31);
  jpki->crl_max_age_hours = (guint)md_json_int (json, object, "crl_max_age_hours", 1, 24 * 31);
  md_json_enter (json, "policy_oids");
  md_json_only (json, oids, lines);
  jpki->auth_policy_oids = _md_policy_keep_vector (self, md_json_strings (json, oids, "auth", 1));
  jpki->sign_policy_oids = _md_policy_keep_vector (self, md_json_strings (json, oids, "sign", 1));
  md_json_leave (json);
  if (md_json_has (json, object, "algorithms"))
    read_permitted (self, json, object);
  md_json_leave (json);
}

static guint
read_optional (MdJson *json, JsonObject *limits, const char *name, gint64 min, gint64 max,
               guint without)
{
  return md_json_has (json, limits, name) ? (guint)md_json_int (json, limits, name, min, max)
                                          : without;
}

/* By the line of an office, 128 kbit/s: all of one intake pass in about nine minutes. */
static void
read_attachments (MdPolicy *self, MdJson *json, JsonObject *limits)
{
  self->limits.attachments
      = read_optional (json, limits, "attachments", 0, ATTACHMENTS_MAX, ATTACHMENTS);
  self->limits.attachment_bytes = read_optional (json, limits, "attachment_bytes", 10000,
                                                 ATTACHMENTS_BYTES_MAX, ATTACHMENT_BYTES);
  self->limits.attachments_bytes = read_optional (json, limits, "attachments_bytes", 10000,
                                                  ATTACHMENTS_BYTES_MAX, ATTACHMENTS_BYTES);
}

static void
read_limits (MdPolicy *self, MdJson *json, JsonObject *root)
{
  static Members limit_members = { "container_bytes",
                                   "unsent",
                                   "receipts_low",
                                   "renewal_months",
                                   "register_months",
                                   "post_days",
                                   "letter_months",
                                   "letter_days",
                                   "draft_hours",
                                   "attachments",
                                   "attachment_bytes",
                                   "attachments_bytes",
                                   NULL };
  static Members session_members = { "idle_lock_s", "max_hours", "reveal_s", "card_away_s", NULL };
  JsonObject *limits = md_json_object (json, root, "limits");
  JsonObject *session = md_json_object (json, root, "session");

  md_json_enter (json, "limits");
  md_json_only (json, limits, limit_members);
  self->limits.container_bytes
      = (guint64)md_json_int (json, limits, "container_bytes", 64 * 1024, MD_LIMIT_CONTAINER);
  self->limits.unsent = (guint)md_json_int (json, limits, "unsent", 1, 1000000);
  self->limits.receipts_low = (guint)md_json_int (json, limits, "receipts_low", 0, 999999);
  self->limits.renewal_months
      = read_optional (json, limits, "renewal_months", 0, RENEWAL_MONTHS_MAX, RENEWAL_MONTHS);
  self->limits.register_months
      = read_optional (json, limits, "register_months", 0, REGISTER_MONTHS_MAX, REGISTER_MONTHS);
  self->limits.post_days = read_optional (json, limits, "post_days", 1, POST_DAYS_MAX, POST_DAYS);
  self->limits.letter_months
      = read_optional (json, limits, "letter_months", 0, LETTER_MONTHS_MAX, 0);
  /* Never so short that a letter is forgotten before what came in its time. */
  self->limits.letter_days
      = read_optional (json, limits, "letter_days", (gint)self->limits.post_days, LETTER_DAYS_MAX,
                       MAX (LETTER_DAYS, self->limits.post_days));
  self->limits.draft_hours
      = read_optional (json, limits, "draft_hours", 0, DRAFT_HOURS_MAX, DRAFT_HOURS);
  read_attachments (self, json, limits);
  md_json_leave (json);
  md_json_enter (json, "session");
  md_json_only (json, session, session_members);
  self->limits.idle_lock_s = (guint)md_json_int (json, session, "idle_lock_s", 10, 3600);
  self->limits.max_hours = (guint)md_json_int (json, session, "max_hours", 1, 24);
  self->limits.reveal_s = (guint)md_json_int (json, session, "reveal_s", 1, 120);
  self->limits.card_away_s
      = read_optional (json, session, "card_away_s", 0, CARD_AWAY_S_MAX, CARD_AWAY_S);
  md_json_leave (json);
}

static void
read_office (MdPolicy *self, MdJson *json, JsonObject *root)
{
  static Members members = { "code", "name", NULL };
  JsonObject *office = md_json_object (json, root, "office");

  md_json_enter (json, "office");
  md_json_only (json, office, members);
  self->office = _md_policy_keep (self, md_json_string (json, office, "code"));
  if (self->office && !md_number_is_valid (MD_NUMBER_MUNICIPALITY, self->office))
    md_json_fail (json, "code", _ ("\"%s\" is not a municipality code of six digits."),
                  self->office);
  _md_policy_read_text (self, json, office, "name", &self->office_ja, &self->office_en);
  md_json_leave (json);
}

static void
read_head (MdPolicy *self, MdJson *json, JsonObject *root)
{
  static Members members = { "schema", "version",    "issued",    "not_after",  "environment",
                             "office", "terminals",  "staff",     "recipients", "trust",
                             "jpki",   "visibility", "documents", "holds",      "procedures",
                             "limits", "session",    "desk",      "retention",  NULL };
  const char *schema = md_json_string (json, root, "schema");

  md_json_only (json, root, members);
  if (schema && !g_str_equal (schema, "madoguchi-policy/1"))
    md_json_fail (
        json, "schema",
        _ ("\"%s\" is not a policy this program knows. Update the program or the policy."), schema);
  self->version = (guint)md_json_int (json, root, "version", 1, G_MAXINT32);
  self->issued = md_json_time (json, root, "issued");
  self->not_after = md_json_time (json, root, "not_after");
  self->environment = _md_policy_keep (self, md_json_string (json, root, "environment"));
  if (self->environment && !g_str_equal (self->environment, "test")
      && !g_str_equal (self->environment, "production"))
    md_json_fail (json, "environment", _ ("This must be \"test\" or \"production\"."));
}

static gboolean
have_one_key (GBytes *one, GBytes *other)
{
  g_autoptr (MdCertificate) a = md_certificate_new_from_der (one, NULL);
  g_autoptr (MdCertificate) b = md_certificate_new_from_der (other, NULL);

  return a && b && g_bytes_equal (md_certificate_get_spki (a), md_certificate_get_spki (b));
}

void
_md_policy_read (MdPolicy *self, MdJson *json, JsonObject *root)
{
  static Members recipient_members = { "business", "vault", NULL };
  JsonObject *recipients, *visibility;
  GError *error = NULL;

  read_head (self, json, root);
  read_office (self, json, root);
  _md_policy_read_list (self, json, root, "terminals", read_terminal);
  _md_policy_read_list (self, json, root, "staff", read_staff);
  recipients = md_json_object (json, root, "recipients");
  md_json_enter (json, "recipients");
  md_json_only (json, recipients, recipient_members);
  self->business = read_certificate (json, recipients, "business");
  self->vault = read_certificate (json, recipients, "vault");
  self->one_key = self->business && self->vault && have_one_key (self->business, self->vault);
  md_json_leave (json);
  read_trust (self, json, root);
  read_jpki (self, json, root);
  if (md_json_has (json, root, "documents"))
    _md_policy_read_list (self, json, root, "documents", _md_policy_read_document);
  _md_policy_read_holds (self, json, root);
  read_procedures (self, json, root);
  read_limits (self, json, root);
  _md_policy_read_retention (self, json, root);
  self->desk_roles = md_json_has (json, root, "desk") ? _md_policy_read_roles (json, root, "desk")
                                                      : MD_ROLES (MD_ROLE_SUPERVISOR);
  visibility = md_json_object (json, root, "visibility");
  if (!visibility)
    return;
  self->visibility = md_visibility_new_from_json (visibility, &error);
  if (!self->visibility)
    md_json_fail_take (json, NULL, error);
}
