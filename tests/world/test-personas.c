// SPDX-License-Identifier: Apache-2.0
/* Each invented resident of tests/vcard/personas reads as the file says: everything the card gives,
 * by everything that opens it, with the tries and the flaws that it was made with. Run by
 * with-world. */
#include "vcard-backend.h"

#include <string.h>

#include <json-glib/json-glib.h>
#include <md-base.h>
#include <md-identity.h>
#include <md-pki.h>

#define MUNICIPALITY "13999"
#define FEWEST 24

typedef struct
{
  const char *world;
  JsonObject *file;  /* the persona */
  JsonObject *facts; /* its entry in world.json */
  const char *id;
  MdCardBackend *backend;
} Persona;

static JsonObject *world_facts;
static MdCardAuthorities *authorities;

static const char *
text_of (const Persona *p, const char *member, const char *fallback)
{
  return json_object_get_string_member_with_default (p->file, member, fallback);
}

static gboolean
is (const Persona *p, const char *member, const char *value)
{
  return g_str_equal (text_of (p, member, ""), value);
}

/* "1983-05-14" as the card writes it. */
static char *
compact (const char *date)
{
  g_auto (GStrv) parts = g_strsplit (date, "-", 3);

  return g_strjoinv ("", parts);
}

/* --- Secrets, by the words of the file --- */

static const struct
{
  MdCardPin pin;
  const char *name; /* in "tries" */
} pins[] = {
  { MD_CARD_PIN_AUTH, "auth" },     { MD_CARD_PIN_TEXT, "text" },
  { MD_CARD_PIN_SIGN, "sign" },     { MD_CARD_PIN_TEXT_A, "text_a" },
  { MD_CARD_PIN_TEXT_B, "text_b" }, { MD_CARD_PIN_FACE_A, "face_a" },
  { MD_CARD_PIN_FACE_B, "face_b" },
};

static int
tries_of (const Persona *p, MdCardPin pin)
{
  JsonObject *tries = json_object_has_member (p->file, "tries")
                          ? json_object_get_object_member (p->file, "tries")
                          : NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (pins); i++)
    if (pins[i].pin == pin && tries && json_object_has_member (tries, pins[i].name))
      return (int)json_object_get_int_member (tries, pins[i].name);
  return md_card_pin_get_maximum (pin);
}

static MdSecret *
secret_of (const Persona *p, MdCardPin pin)
{
  JsonObject *words = json_object_get_object_member (p->file, "pins");

  if (pin == MD_CARD_PIN_TEXT_A || pin == MD_CARD_PIN_FACE_A)
    return md_secret_new_from_text (text_of (p, "number", ""));
  if (pin == MD_CARD_PIN_TEXT_B || pin == MD_CARD_PIN_FACE_B)
    return md_secret_new_from_text (json_object_get_string_member (p->facts, "reference_b"));
  return md_secret_new_from_text (
      json_object_get_string_member (words, pin == MD_CARD_PIN_AUTH   ? "auth"
                                            : pin == MD_CARD_PIN_SIGN ? "sign"
                                                                      : "text"));
}

/* --- Flows --- */

static MdCardFlowResult *
run (const Persona *p, MdCardFlow flow, MdCardPin pin, const MdCardProfile *profile,
     const guint8 *digest, GError **error)
{
  g_autoptr (MdSecret) secret = secret_of (p, pin);
  const MdCardFlowRequest request = { .pin = pin,
                                      .secret = secret,
                                      .flags = MD_CARD_VERIFY_LAST_TRY,
                                      .with_issuer = TRUE,
                                      .profile = profile,
                                      .digest = digest };

  return md_card_flow_run_on (flow, p->backend, VCARD_READER, &request, NULL, error);
}

/* NULL where the file says that this PIN is locked, which is then what the card says. */
static MdCardFlowResult *
run_unless_locked (const Persona *p, MdCardFlow flow, MdCardPin pin, gboolean locked)
{
  g_autoptr (GError) error = NULL;
  MdCardFlowResult *result = run (p, flow, pin, NULL, NULL, &error);

  if (locked)
    {
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_BLOCKED);
      g_assert_cmpint (md_card_error_get_tries (error), ==, 0);
      return NULL;
    }
  g_assert_no_error (error);
  return result;
}

static void
check_attributes (const Persona *p, MdCardPin pin, gboolean locked)
{
  g_autoptr (MdCardFlowResult) result = run_unless_locked (p, MD_CARD_FLOW_ATTRIBUTES, pin, locked);
  g_autofree char *birth = NULL;
  gboolean tampered = is (p, "tamper", "address");

  if (!result)
    return;
  birth = compact (text_of (p, "birth", ""));
  g_assert_cmpstr (md_card_attributes_get_name (result->attributes), ==, text_of (p, "name", ""));
  g_assert_cmpint (
      g_str_equal (md_card_attributes_get_address (result->attributes), text_of (p, "address", "")),
      ==, !tampered);
  g_assert_cmpstr (md_card_attributes_get_birth (result->attributes), ==, birth);
  g_assert_cmpstr (md_card_attributes_get_sex_code (result->attributes), ==,
                   text_of (p, "sex", ""));
  g_assert_true (result->has_integrity && result->has_issuer);
  g_assert_cmpint (result->integrity_check, ==,
                   tampered ? MD_CARD_INTEGRITY_DIFFERS : MD_CARD_INTEGRITY_FITS);
  g_assert_cmpint (md_card_origin_of_record (authorities, &result->integrity, &result->issuer), ==,
                   is (p, "tamper", "issuer") ? MD_CARD_ORIGIN_FORGED : MD_CARD_ORIGIN_GENUINE);
}

static void
check_number (const Persona *p, MdCardPin pin, gboolean locked)
{
  g_autoptr (MdCardFlowResult) result = run_unless_locked (p, MD_CARD_FLOW_NUMBER, pin, locked);

  if (!result)
    return;
  g_assert_cmpstr (md_secret_get_text (result->number), ==, text_of (p, "number", ""));
  g_assert_true (md_number_is_valid (MD_NUMBER_INDIVIDUAL, md_secret_get_text (result->number)));
  g_assert_cmpint (result->integrity_check, ==, MD_CARD_INTEGRITY_FITS);
}

static void
check_picture (MdCardFace *face, MdCardImage which, guint least_width)
{
  MdSecret *bytes = md_card_face_get_image (face, which);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPicture) picture
      = md_picture_decode (md_secret_get_data (bytes), md_secret_get_size (bytes), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (md_picture_get_width (picture), >=, least_width);
  g_assert_cmpuint (md_picture_get_height (picture), >=, 12);
}

static void
check_face (const Persona *p, MdCardPin pin, gboolean locked, const MdCardCommon *common)
{
  g_autoptr (MdCardFlowResult) result = run_unless_locked (p, MD_CARD_FLOW_FACE, pin, locked);
  g_autofree char *birth = NULL;
  gboolean forged = is (p, "tamper", "photo") || is (p, "tamper", "issuer");
  gboolean tells = json_object_get_boolean_member_with_default (p->file, "face_expiry", TRUE);

  if (!result)
    return;
  birth = compact (text_of (p, "birth", ""));
  g_assert_cmpstr (md_card_face_get_birth (result->face), ==, birth);
  g_assert_cmpstr (md_card_face_get_expiry (result->face), ==, tells ? common->expiry : "");
  g_assert_cmpint (md_card_face_get_sex (result->face), ==,
                   md_card_sex_from_code (text_of (p, "sex", "?")[0]));
  check_picture (result->face, MD_CARD_IMAGE_NAME, 40);
  check_picture (result->face, MD_CARD_IMAGE_ADDRESS, 40);
  check_picture (result->face, MD_CARD_IMAGE_PHOTO, 160);
  g_assert_cmpint (md_card_origin_of_face (authorities, result->face, &result->issuer), ==,
                   forged ? MD_CARD_ORIGIN_FORGED : MD_CARD_ORIGIN_GENUINE);
}

/* As many marks as the text has characters, all of them "0" where the file has none. */
static void
check_marks (const Persona *p, const char *member, const char *text, const char *marks)
{
  g_autofree char *none = g_strnfill ((gsize)g_utf8_strlen (text, -1), '0');

  g_assert_cmpstr (marks, ==, text_of (p, member, none));
}

/* What the signature certificate says of its person, substitutes and their marks included. */
static void
check_certificate_attributes (const Persona *p, const MdCertificate *certificate)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdHolder) holder = md_holder_new_from_certificate (certificate, &error);
  const char *sex = text_of (p, "sex", "");
  g_auto (GStrv) birth = g_strsplit (text_of (p, "birth", ""), "-", 3);
  g_autofree char *digits = g_strjoinv ("", birth);

  g_assert_no_error (error);
  g_assert_cmpstr (md_holder_get_name (holder), ==,
                   text_of (p, "certificate_name", text_of (p, "name", "")));
  g_assert_cmpstr (md_holder_get_address (holder), ==,
                   text_of (p, "certificate_address", text_of (p, "address", "")));
  check_marks (p, "certificate_name_marks", md_holder_get_name (holder),
               md_holder_get_name_marks (holder));
  check_marks (p, "certificate_address_marks", md_holder_get_address (holder),
               md_holder_get_address_marks (holder));
  g_assert_cmpint (md_holder_has_substitutes (holder), ==,
                   *text_of (p, "certificate_name", "") != '\0'
                       || *text_of (p, "certificate_address", "") != '\0');
  g_assert_cmpstr (md_holder_get_birth (holder), ==, digits);
  g_assert_cmpint (md_holder_get_sex (holder), ==,
                   g_str_equal (sex, "1")   ? MD_HOLDER_SEX_MALE
                   : g_str_equal (sex, "2") ? MD_HOLDER_SEX_FEMALE
                                            : MD_HOLDER_SEX_UNKNOWN);
}

/* The four items of the signature certificate against the card's own: the same, or named why not.
 */
static void
check_holder (const Persona *p, const MdCertificate *certificate)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdHolder) holder = md_holder_new_from_certificate (certificate, &error);
  g_autofree char *birth = compact (text_of (p, "birth", ""));
  const MdHolderSex code = holder ? md_holder_get_sex (holder) : MD_HOLDER_SEX_UNKNOWN;
  const char sex[] = { (char)('0' + (int)code), '\0' };
  g_assert_no_error (error);
  const struct
  {
    MdMatchItem item;
    const char *text, *marks, *card;
  } items[] = {
    { MD_MATCH_ITEM_NAME, md_holder_get_name (holder), md_holder_get_name_marks (holder),
      text_of (p, "name", "") },
    { MD_MATCH_ITEM_ADDRESS, md_holder_get_address (holder), md_holder_get_address_marks (holder),
      text_of (p, "address", "") },
    { MD_MATCH_ITEM_DATE, md_holder_get_birth (holder), NULL, birth },
    { MD_MATCH_ITEM_SEX, sex, NULL, text_of (p, "sex", "") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    {
      const MdMatchSide mine = { MD_MATCH_FROM_CERTIFICATE, items[i].text, items[i].marks };
      const MdMatchSide card = { MD_MATCH_FROM_CARD, items[i].card, NULL };
      g_autoptr (MdMatchVerdict) verdict = md_match (items[i].item, &mine, &card);
      const gboolean marked = items[i].marks != NULL && strchr (items[i].marks, '1') != NULL;

      g_assert_cmpint (md_match_verdict_get_match (verdict), <=, MD_MATCH_SAME_FORM);
      g_assert_cmpint (md_match_verdict_has_reason (verdict, MD_MATCH_REASON_SUBSTITUTE), ==,
                       marked);
      if (!marked && items[i].item != MD_MATCH_ITEM_SEX)
        g_assert_cmpint (md_match_verdict_get_match (verdict), ==, MD_MATCH_SAME);
    }
}

/* A signature over a digest of the size that the card's generation wants, and whether it fits the
 * certificate that the card shows. */
static void
check_signature (const Persona *p, MdCardFlow flow, MdCardPin pin, gboolean has_certificate)
{
  static const guint8 digest[64] = "a digest that nobody has made, as long as the longest one is.";
  const MdCardProfile *profile = md_card_profile_find (text_of (p, "generation", "rsa-2048"));
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardFlowResult) result = run (p, flow, pin, profile, digest, &error);
  g_autoptr (MdCertificate) certificate = NULL;

  if (!has_certificate)
    {
      g_assert_nonnull (error);
      return;
    }
  if (tries_of (p, pin) == 0)
    {
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_BLOCKED);
      return;
    }
  g_assert_no_error (error);
  certificate = md_certificate_new_from_der (result->certificate, &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_certificate_get_key_type (certificate), ==,
                   profile->component_size ? MD_KEY_TYPE_EC_P384 : MD_KEY_TYPE_RSA);
  g_assert_cmpint (md_certificate_verify_hash (certificate, digest, profile->digest_size,
                                               result->signature, NULL),
                   ==, !is (p, "certificate", "clone"));
  if (flow == MD_CARD_FLOW_SIGN && !is (p, "certificate", "clone"))
    {
      check_certificate_attributes (p, certificate);
      check_holder (p, certificate);
    }
}

/* --- What needs no PIN --- */

static MdMyNumberCard *
open_card (const Persona *p)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardConnection) connection
      = md_card_connection_open (p->backend, VCARD_READER, NULL, &error);
  MdMyNumberCard *card;

  g_assert_no_error (error);
  card = md_mynumber_card_new (connection, NULL, &error);
  g_assert_no_error (error);
  return card;
}

static void
check_open_data (const Persona *p, MdCardCommon *out_common)
{
  g_autoptr (MdMyNumberCard) card = open_card (p);
  g_autoptr (GError) error = NULL;
  g_autofree char *label = NULL;
  gboolean sign_present = FALSE, auth_present = FALSE;
  MdTokenKind kind;
  MdCardCommon manager;

  for (gsize i = 0; i < G_N_ELEMENTS (pins); i++)
    {
      int tries = MD_CARD_TRIES_NONE;
      g_assert_true (md_mynumber_card_get_tries (card, pins[i].pin, &tries, NULL, &error));
      g_assert_cmpint (tries, ==, tries_of (p, pins[i].pin));
    }
  g_assert_true (md_mynumber_card_read_token (card, &kind, &label, NULL, &error));
  g_assert_cmpstr (label, ==, text_of (p, "token", "JPKIAPICCTOKEN2"));
  g_assert_true (md_mynumber_card_read_flags (card, &sign_present, &auth_present, NULL, &error));
  g_assert_cmpint (auth_present, ==, !is (p, "certificate", "none"));
  g_assert_cmpint (sign_present, ==,
                   json_object_get_boolean_member_with_default (p->file, "sign_certificate", TRUE));
  g_assert_true (md_mynumber_card_read_common (card, out_common, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (out_common->municipality, ==, MUNICIPALITY);
  g_assert_true (md_mynumber_card_read_manager (card, &manager, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (manager.expiry, ==, out_common->expiry);
  g_assert_cmpstr (manager.municipality, ==, MUNICIPALITY);
}

static void
check_expiry (const Persona *p, const MdCardCommon *common)
{
  gint64 life = json_object_get_int_member_with_default (p->file, "card_life", 0);
  MdDate today;
  MdCardExpiry state;

  md_date_from_wall_us (g_get_real_time (), &today);
  state = md_card_expiry_judge (common->expiry, &today, MD_CARD_EXPIRY_MONTHS);
  if (life < 0)
    g_assert_cmpint (state, ==, MD_CARD_EXPIRY_PAST);
  else if (life > 0)
    g_assert_cmpint (state, ==, MD_CARD_EXPIRY_SOON);
  else
    g_assert_true (state == MD_CARD_EXPIRY_FAR || state == MD_CARD_EXPIRY_SOON);
}

/* What a clerk types from the front of the card becomes the digits that open it. */
static void
check_reference (const Persona *p, const MdCardCommon *common)
{
  gboolean gregorian = is (p, "calendar", "gregorian");
  g_autofree char *year = g_strndup (common->expiry, 4);
  g_autofree char *era = NULL;
  g_autoptr (MdSecret) digits = NULL;
  MdReferenceEntry entry = { .expiry = year, .code = text_of (p, "security_code", "") };
  MdReferenceB reference;
  MdDate birth, today;

  md_date_from_wall_us (g_get_real_time (), &today);
  g_assert_true (md_date_parse (text_of (p, "birth", ""), &birth, NULL));
  era = md_era_format (&birth);
  entry.birth = era;
  g_assert_cmpuint (md_reference_b_parse (&entry, &today, &reference), ==, 0);
  digits
      = md_reference_b_assemble (&reference, gregorian ? MD_REFERENCE_GREGORIAN : MD_REFERENCE_ERA);
  g_assert_cmpstr (md_secret_get_text (digits), ==,
                   json_object_get_string_member (p->facts, "reference_b"));
}

/* A phone has the keys and their certificates, and nothing else: everything of a card is missing.
 */
static void
check_phone (const Persona *p)
{
  static const MdCardPin missing[] = { MD_CARD_PIN_TEXT, MD_CARD_PIN_FACE_A, MD_CARD_PIN_FACE_B };
  g_autoptr (MdMyNumberCard) phone = open_card (p);
  g_autoptr (GError) error = NULL;
  g_autofree char *label = NULL;
  MdCardCommon common;
  MdTokenKind kind;
  int tries = MD_CARD_TRIES_NONE;

  g_assert_true (md_mynumber_card_read_token (phone, &kind, &label, NULL, &error));
  g_assert_cmpstr (label, ==, text_of (p, "token", ""));
  g_assert_true (kind == MD_TOKEN_ANDROID || kind == MD_TOKEN_IPHONE);
  g_assert_true (md_mynumber_card_get_tries (phone, MD_CARD_PIN_AUTH, &tries, NULL, &error));
  g_assert_cmpint (tries, ==, tries_of (p, MD_CARD_PIN_AUTH));
  for (gsize i = 0; i < G_N_ELEMENTS (missing); i++)
    {
      g_assert_false (md_mynumber_card_get_tries (phone, missing[i], &tries, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA);
      g_clear_error (&error);
    }
  g_assert_false (md_mynumber_card_read_common (phone, &common, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA);
}

static void
check_card (const Persona *p)
{
  MdCardCommon common;

  check_open_data (p, &common);
  check_expiry (p, &common);
  check_reference (p, &common);
  check_attributes (p, MD_CARD_PIN_TEXT, tries_of (p, MD_CARD_PIN_TEXT) == 0);
  check_attributes (p, MD_CARD_PIN_TEXT_B, tries_of (p, MD_CARD_PIN_TEXT_B) == 0);
  check_number (p, MD_CARD_PIN_TEXT, tries_of (p, MD_CARD_PIN_TEXT) == 0);
  check_number (p, MD_CARD_PIN_TEXT_A, tries_of (p, MD_CARD_PIN_TEXT_A) == 0);
  check_face (p, MD_CARD_PIN_FACE_A, tries_of (p, MD_CARD_PIN_FACE_A) == 0, &common);
  check_face (p, MD_CARD_PIN_FACE_B, tries_of (p, MD_CARD_PIN_FACE_B) == 0, &common);
}

/* --- One persona --- */

static void
test_persona (gconstpointer data)
{
  const char *path = data;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = NULL;
  g_autoptr (VcardBackend) backend = NULL;
  Persona p = { .world = g_getenv ("MADOGUCHI_WORLD") };

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  p.file = json_node_get_object (json_parser_get_root (parser));
  p.id = text_of (&p, "id", "");
  p.facts
      = json_object_get_object_member (json_object_get_object_member (world_facts, "people"), p.id);
  dir = g_build_filename (p.world, "cards", p.id, NULL);
  backend = vcard_backend_new (dir);
  p.backend = MD_CARD_BACKEND (backend);
  g_assert_cmpuint (strlen (text_of (&p, "reason", "")), >, 20);

  if (g_str_has_prefix (text_of (&p, "token", "JPKIAPICC"), "JPKIAPICC"))
    check_card (&p);
  else
    check_phone (&p);
  check_signature (&p, MD_CARD_FLOW_AUTHENTICATE, MD_CARD_PIN_AUTH,
                   !is (&p, "certificate", "none"));
  check_signature (&p, MD_CARD_FLOW_SIGN, MD_CARD_PIN_SIGN,
                   json_object_get_boolean_member_with_default (p.file, "sign_certificate", TRUE));
}

static void
add_authority (const char *digits, const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/pki/cv/%s.spki", g_getenv ("MADOGUCHI_WORLD"), name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = NULL;
  char *data = NULL;
  gsize size = 0;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  spki = g_bytes_new_take (data, size);
  g_assert_true (md_card_authorities_add (authorities, digits, spki, &error));
}

static JsonParser *
load_world (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "world.json", NULL);
  g_autoptr (GError) error = NULL;
  JsonParser *parser = json_parser_new ();

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  world_facts = json_node_get_object (json_parser_get_root (parser));
  authorities = md_card_authorities_new ();
  add_authority ("9000033", "text-ca");
  add_authority ("9000023", "visual-ca");
  return parser;
}

static guint
add_personas (GPtrArray *paths)
{
  g_autofree char *folder
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "tests/vcard/personas", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, ".json"))
      {
        char *path = g_build_filename (folder, name, NULL);
        g_autofree char *id = g_strndup (name, strlen (name) - strlen (".json"));
        g_autofree char *test = g_strconcat ("/world/personas/", id, NULL);

        g_ptr_array_add (paths, path);
        g_test_add_data_func (test, path, test_persona);
      }
  return paths->len;
}

int
main (int argc, char **argv)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  int status;

  g_test_init (&argc, &argv, NULL);
  parser = load_world ();
  g_assert_cmpuint (add_personas (paths), >=, FEWEST);
  status = g_test_run ();
  md_card_authorities_unref (authorities);
  return status;
}
