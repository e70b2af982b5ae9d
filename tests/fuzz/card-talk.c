// SPDX-License-Identifier: Apache-2.0
#include "card-talk-check.h"

#include <string.h>

#define CHOICE_BETWEEN 0x20  /* of TALK_AGAIN: the right PIN is typed the second time */
#define CHOICE_REINSERT 0x80 /* ... and the card is taken away between */
#define CHOICE_SLIP 0x40     /* what is typed cannot be the PIN */
#define CHOICE_KEYPAD 0x80   /* of TALK_STAFF: the PIN comes from the reader's keypad */

const char *const talk_pins[MD_CARD_PIN_STAFF + 1] = {
  [MD_CARD_PIN_AUTH] = "1234",
  [MD_CARD_PIN_TEXT] = "2345",
  [MD_CARD_PIN_SIGN] = "AOZORA1",
  [MD_CARD_PIN_TEXT_A] = "123456789018",
  [MD_CARD_PIN_TEXT_B] = "55021720352285",
  [MD_CARD_PIN_FACE_A] = "123456789018",
  [MD_CARD_PIN_FACE_B] = "55021720352285",
  [MD_CARD_PIN_STAFF] = "654321",
};

static const guint8 digest[64] = { 1, 2, 3 };

static MdCardVerifyFlags
get_flags (const TalkContext *context)
{
  return talk_has_option (context, TALK_OPTION_LAST_TRY) ? MD_CARD_VERIFY_LAST_TRY
                                                         : MD_CARD_VERIFY_DEFAULT;
}

static const MdCardProfile *
get_profile (const TalkContext *context)
{
  return md_card_profile_find (talk_has_option (context, TALK_OPTION_P384) ? "ecdsa-p384"
                                                                           : "rsa-2048");
}

static gboolean
slips (const TalkContext *context)
{
  return (context->plan->choice & CHOICE_SLIP) != 0;
}

static MdSecret *
type_pin (const TalkContext *context, MdCardPin pin)
{
  g_autofree char *text = g_strconcat (talk_pins[pin], slips (context) ? "-" : NULL, NULL);

  if (context->corrected)
    text[strlen (text) - 1]++;
  return md_secret_new_from_text (text);
}

/* What cannot be the PIN is not sent at all. */
static void
allow_pin (const TalkContext *context)
{
  if (!slips (context))
    fuzz_backend_allow_pin (context->backend);
}

static MdCardConnection *
connect_card (const TalkContext *context)
{
  g_autoptr (GError) error = NULL;
  gint64 overdue;
  MdCardConnection *connection = md_card_connection_open (
      MD_CARD_BACKEND (context->backend), FUZZ_READER, context->cancellable, &error);

  if (!talk_check_outcome (connection != NULL, &error))
    return NULL;
  g_assert_cmpstr (md_card_connection_get_reader (connection), ==, FUZZ_READER);
  g_assert_cmpuint (md_card_connection_get_events (connection), >, 0);
  md_card_connection_set_patience (connection, 1);
  g_assert_cmpint (md_card_connection_get_wait (connection, &overdue), ==, MD_CARD_WAIT_NOTHING);
  md_card_connection_set_memory (connection, context->memory);
  return connection;
}

static MdMyNumberCard *
find_resident (const TalkContext *context, MdCardConnection *connection)
{
  g_autoptr (GError) error = NULL;
  MdMyNumberCard *card = md_mynumber_card_new (connection, context->cancellable, &error);

  (void)talk_check_outcome (card != NULL, &error);
  if (card != NULL)
    g_assert_true (md_mynumber_card_get_connection (card) == connection);
  return card;
}

/* --- The whole conversations --- */

static MdCardFlowResult *
run_flow (const TalkContext *context, MdCardFlow flow, const MdCardFlowRequest *request,
          GError **error)
{
  g_autoptr (MdCardConnection) connection = NULL;
  MdCardFlowResult *result;

  if (talk_has_option (context, TALK_OPTION_ALONE))
    return md_card_flow_run_on (flow, MD_CARD_BACKEND (context->backend), FUZZ_READER, request,
                                context->cancellable, error);
  connection = connect_card (context);
  g_assert_nonnull (connection);
  result = md_card_flow_run (flow, connection, request, context->cancellable, error);
  g_assert_cmpuint (md_card_connection_get_exchanges (connection), >, 0);
  g_assert_cmpint (md_card_connection_get_card_usec (connection), >=, 0);
  return result;
}

/* A sound card gives everything, whatever its ways; but who does not count the tries has to be
 * confirmed. */
static gboolean
is_owed (const TalkContext *context)
{
  return context->model != NULL && fuzz_model_is_sound (context->model) && !slips (context)
         && (talk_has_option (context, TALK_OPTION_LAST_TRY)
             || !fuzz_model_has_quirk (context->model, MODEL_QUIRK_NO_COUNT));
}

static void
talk_flow (const TalkContext *context)
{
  static const struct
  {
    MdCardFlow flow;
    MdCardPin pin;
  } rows[] = {
    { MD_CARD_FLOW_ATTRIBUTES, MD_CARD_PIN_TEXT }, { MD_CARD_FLOW_NUMBER, MD_CARD_PIN_TEXT },
    { MD_CARD_FLOW_FACE, MD_CARD_PIN_FACE_B },     { MD_CARD_FLOW_AUTHENTICATE, MD_CARD_PIN_AUTH },
    { MD_CARD_FLOW_SIGN, MD_CARD_PIN_SIGN },       { MD_CARD_FLOW_ATTRIBUTES, MD_CARD_PIN_TEXT_B },
    { MD_CARD_FLOW_NUMBER, MD_CARD_PIN_TEXT_A },   { MD_CARD_FLOW_FACE, MD_CARD_PIN_FACE_A },
  };
  const gsize row = context->plan->choice % G_N_ELEMENTS (rows);
  const MdCardFlow flow = rows[row].flow;
  const gboolean signs = flow == MD_CARD_FLOW_AUTHENTICATE || flow == MD_CARD_FLOW_SIGN;
  g_autoptr (MdSecret) secret = type_pin (context, rows[row].pin);
  const MdCardFlowRequest request = { .pin = rows[row].pin,
                                      .secret = secret,
                                      .flags = get_flags (context),
                                      .with_issuer = talk_has_option (context, TALK_OPTION_ISSUER),
                                      .profile = signs ? get_profile (context) : NULL,
                                      .digest = digest };
  const guint before = talk_count_tries (context, request.pin);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardFlowResult) result = NULL;

  allow_pin (context);
  result = run_flow (context, flow, &request, &error);
  talk_check_last_try (context, request.pin, before);
  g_assert_true (result != NULL || !is_owed (context));
  if (result != NULL)
    {
      g_assert_cmpuint (fuzz_backend_get_pins (context->backend), ==, 1);
      talk_check_flow (flow, &request, result);
    }
  if (error != NULL)
    talk_check_refusal (context, request.pin, error);
  (void)talk_check_outcome (result != NULL, &error);
}

/* --- The resident's card, part by part --- */

/* The PIN goes once at most; one that was refused does not go again. */
static gboolean
present (const TalkContext *context, MdMyNumberCard *card, MdCardPin pin)
{
  g_autoptr (MdSecret) secret = type_pin (context, pin);
  const guint before = talk_count_tries (context, pin);
  g_autoptr (GError) error = NULL;
  gboolean good;

  allow_pin (context);
  good = md_mynumber_card_verify (card, pin, secret, get_flags (context), context->cancellable,
                                  &error);
  talk_check_last_try (context, pin, before);
  if (error != NULL)
    talk_check_refusal (context, pin, error);
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG)
      && md_card_error_get_pin (error) == pin)
    {
      const guint sent = fuzz_backend_get_pins (context->backend);
      g_autoptr (GError) again = NULL;

      g_assert_false (md_mynumber_card_verify (card, pin, secret, MD_CARD_VERIFY_LAST_TRY,
                                               context->cancellable, &again));
      (void)talk_check_outcome (FALSE, &again);
      g_assert_cmpuint (fuzz_backend_get_pins (context->backend), ==, sent);
    }
  return talk_check_outcome (good, &error);
}

static void
read_certificates (const TalkContext *context, MdMyNumberCard *card)
{
  g_autoptr (GError) error = NULL;
  gboolean sign_present = FALSE;
  gboolean auth_present = FALSE;
  MdTokenKind kind = MD_TOKEN_UNKNOWN;
  g_autofree char *label = NULL;

  for (guint which = MD_CARD_CERTIFICATE_AUTH; which <= MD_CARD_CERTIFICATE_SIGN_CA; which++)
    {
      g_autoptr (GBytes) certificate = md_mynumber_card_read_certificate (
          card, (MdCardCertificate)which, context->cancellable, &error);

      (void)talk_check_bytes (certificate, MD_LIMIT_CARD_CERTIFICATE, &error);
    }
  if (talk_check_reading (
          md_mynumber_card_read_token (card, &kind, &label, context->cancellable, &error), &error))
    g_assert_true (g_utf8_validate (label, -1, NULL));
  (void)talk_check_reading (md_mynumber_card_read_flags (card, &sign_present, &auth_present,
                                                         context->cancellable, &error),
                            &error);
}

static void
sign (const TalkContext *context, MdMyNumberCard *card)
{
  for (guint key = MD_CARD_KEY_AUTH; key <= MD_CARD_KEY_SIGN; key++)
    {
      const MdCardPin pin = key == MD_CARD_KEY_AUTH ? MD_CARD_PIN_AUTH : MD_CARD_PIN_SIGN;
      const gboolean verified = present (context, card, pin);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) signature = md_mynumber_card_sign (
          card, (MdCardKey)key, get_profile (context), digest, context->cancellable, &error);

      if (context->model != NULL && fuzz_model_is_honest (context->model))
        g_assert_true (verified || signature == NULL);
      (void)talk_check_bytes (signature, 256, &error);
    }
}

static void
read_texts (const TalkContext *context, MdMyNumberCard *card)
{
  g_autoptr (MdSecret) number = NULL;
  g_autoptr (MdCardAttributes) attributes = NULL;
  g_autoptr (GError) error = NULL;
  MdCardIntegrityCheck check = MD_CARD_INTEGRITY_FITS;
  MdCardIssuer issuer;

  (void)present (context, card, MD_CARD_PIN_TEXT);
  number = md_mynumber_card_read_number (card, context->cancellable, &error);
  if (talk_check_reading (number != NULL, &error))
    g_assert_true (md_digits_is (md_secret_get_text (number), 12));
  attributes = md_mynumber_card_read_attributes (card, context->cancellable, &error);
  if (talk_check_reading (attributes != NULL, &error))
    talk_check_attributes (attributes);
  if (talk_check_reading (
          md_mynumber_card_check_integrity (card, attributes, &check, context->cancellable, &error),
          &error))
    g_assert_true (check == MD_CARD_INTEGRITY_FITS || check == MD_CARD_INTEGRITY_DIFFERS);
  (void)talk_check_reading (
      md_mynumber_card_read_text_issuer (card, &issuer, context->cancellable, &error), &error);
}

static void
read_visual (const TalkContext *context, MdMyNumberCard *card)
{
  g_autoptr (MdCardFace) face = NULL;
  g_autoptr (GError) error = NULL;
  MdCardIssuer issuer;

  (void)present (context, card, MD_CARD_PIN_FACE_A);
  face = md_mynumber_card_read_face (card, context->cancellable, &error);
  if (talk_check_reading (face != NULL, &error))
    talk_check_face (face);
  (void)talk_check_reading (
      md_mynumber_card_read_face_issuer (card, &issuer, context->cancellable, &error), &error);
}

/* Another PIN in place of one that was accepted, if it was. */
static void
change (const TalkContext *context, MdMyNumberCard *card)
{
  g_autoptr (MdSecret) secret = type_pin (context, MD_CARD_PIN_AUTH);
  g_autoptr (GError) error = NULL;

  allow_pin (context);
  (void)talk_check_outcome (
      md_mynumber_card_change (card, MD_CARD_PIN_AUTH, secret, context->cancellable, &error),
      &error);
}

/* By the key of the card itself, which needs no PIN. */
static void
challenge (const TalkContext *context, MdMyNumberCard *card)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = md_mynumber_card_answer_challenge (card, digest, sizeof digest,
                                                                 context->cancellable, &error);

  (void)talk_check_bytes (answer, 256, &error);
}

static void
read_life (const TalkContext *context, MdMyNumberCard *card)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *applications = NULL;
  MdCardCommon common;

  if (talk_check_reading (
          md_mynumber_card_read_common (card, &common, context->cancellable, &error), &error))
    talk_check_common (&common);
  if (talk_check_reading (
          md_mynumber_card_read_manager (card, &common, context->cancellable, &error), &error))
    talk_check_common (&common);
  applications = md_mynumber_card_list_applications (card, context->cancellable, &error);
  (void)talk_check_reading (applications != NULL, &error);
  for (guint pin = MD_CARD_PIN_AUTH; pin < MD_CARD_PIN_STAFF; pin++)
    {
      int tries = 0;
      const gboolean good
          = md_mynumber_card_get_tries (card, (MdCardPin)pin, &tries, context->cancellable, &error);

      g_assert_true (tries >= MD_CARD_TRIES_UNKNOWN && tries <= TRIES_MAX);
      (void)talk_check_reading (good, &error);
    }
}

static void
talk_resident (const TalkContext *context)
{
  static void (*const parts[]) (const TalkContext *context, MdMyNumberCard *card)
      = { read_certificates, sign, read_texts, read_visual, read_life };
  g_autoptr (MdCardConnection) connection = connect_card (context);
  g_autoptr (MdMyNumberCard) card = find_resident (context, connection);

  for (guint i = 0; card != NULL && i < G_N_ELEMENTS (parts); i++)
    parts[(context->plan->choice + i) % G_N_ELEMENTS (parts)](context, card);
  if (card != NULL)
    {
      change (context, card);
      challenge (context, card);
    }
  md_card_connection_close (connection);
  if (card != NULL)
    {
      g_autoptr (GError) error = NULL;
      int tries = 0;

      g_assert_false (md_mynumber_card_get_tries (card, MD_CARD_PIN_AUTH, &tries,
                                                  context->cancellable, &error));
      (void)talk_check_outcome (FALSE, &error);
    }
}

/* --- The keypad --- */

static void
talk_pad (const TalkContext *context)
{
  g_autoptr (MdCardConnection) connection = connect_card (context);
  g_autoptr (MdMyNumberCard) card = find_resident (context, connection);
  const MdCardPin pin = (MdCardPin)(MD_CARD_PIN_AUTH + context->plan->choice % 3);
  const guint rounds = 1 + (context->plan->choice >> 4) % 3;
  g_autoptr (GError) error = NULL;
  gboolean offered;
  gboolean good = TRUE;

  if (card == NULL)
    return;
  offered = md_mynumber_card_can_enter (card, pin, context->cancellable);
  g_assert_false (offered && pin == MD_CARD_PIN_SIGN);
  for (guint i = 0; i < rounds; i++)
    {
      const guint before = talk_count_tries (context, pin);

      good = md_mynumber_card_enter (card, pin, get_flags (context), context->cancellable, &error);
      g_assert_false (good && !offered);
      talk_check_last_try (context, pin, before);
      if (error != NULL)
        talk_check_refusal (context, pin, error);
      (void)talk_check_outcome (good, &error);
    }
  if ((context->plan->choice & 0x80) != 0)
    {
      good = md_mynumber_card_enter_new (card, pin, context->cancellable, &error);
      (void)talk_check_outcome (good, &error);
    }
  /* What is typed there never passes through us. */
  g_assert_cmpuint (fuzz_backend_get_pins (context->backend), ==, 0);
}

/* --- The officer's card --- */

static MdStaffCard *
find_staff (const TalkContext *context, MdCardConnection *connection)
{
  g_autoptr (GError) error = NULL;
  MdStaffCard *card = md_staff_card_new (connection, context->cancellable, &error);

  (void)talk_check_outcome (card != NULL, &error);
  return card;
}

static gboolean
present_staff (const TalkContext *context, MdStaffCard *card)
{
  g_autoptr (MdSecret) pin = type_pin (context, MD_CARD_PIN_STAFF);
  const guint before = talk_count_tries (context, MD_CARD_PIN_STAFF);
  g_autoptr (GError) error = NULL;
  gboolean good;

  allow_pin (context);
  good = md_staff_card_verify (card, pin, talk_has_option (context, TALK_OPTION_LAST_TRY),
                               context->cancellable, &error);
  if (error != NULL)
    talk_check_refusal (context, MD_CARD_PIN_STAFF, error);
  talk_check_last_try (context, MD_CARD_PIN_STAFF, before);
  return talk_check_outcome (good, &error);
}

/* What is typed there never passes through us. */
static void
enter_staff (const TalkContext *context, MdStaffCard *card)
{
  const guint before = talk_count_tries (context, MD_CARD_PIN_STAFF);
  const gboolean offered = md_staff_card_can_enter (card, context->cancellable);
  g_autoptr (GError) error = NULL;
  const gboolean good = md_staff_card_enter (card, talk_has_option (context, TALK_OPTION_LAST_TRY),
                                             context->cancellable, &error);

  g_assert_false (good && !offered);
  talk_check_last_try (context, MD_CARD_PIN_STAFF, before);
  if (error != NULL)
    talk_check_refusal (context, MD_CARD_PIN_STAFF, error);
  (void)talk_check_outcome (good, &error);
  g_assert_cmpuint (fuzz_backend_get_pins (context->backend), ==, 0);
}

static void
talk_staff (const TalkContext *context)
{
  static const MdStaffSlot slots[]
      = { MD_STAFF_SLOT_CARD_AUTH, MD_STAFF_SLOT_SIGN, MD_STAFF_SLOT_OPEN };
  static const guint8 point[65] = { 4 };
  const MdStaffSlot slot = slots[context->plan->choice % G_N_ELEMENTS (slots)];
  g_autoptr (MdCardConnection) connection = connect_card (context);
  g_autoptr (MdStaffCard) card = find_staff (context, connection);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) certificate = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (MdSecret) shared = NULL;

  if (card == NULL)
    return;
  certificate = md_staff_card_read_certificate (card, slot, context->cancellable, &error);
  (void)talk_check_bytes (certificate, MD_LIMIT_CARD_CERTIFICATE, &error);
  if ((context->plan->choice & CHOICE_KEYPAD) != 0)
    enter_staff (context, card);
  else if (!present_staff (context, card))
    (void)present_staff (context, card);
  signature = md_staff_card_sign (card, slot, digest, 32, context->cancellable, &error);
  (void)talk_check_bytes (signature, MD_CARD_FILE_MAX, &error);
  shared = md_staff_card_derive (card, point, sizeof point, context->cancellable, &error);
  g_assert_true (shared == NULL || md_secret_get_size (shared) == 32);
  (void)talk_check_reading (shared != NULL, &error);
}

/* --- The same PIN again --- */

static void
present_once_more (const TalkContext *context, MdCardPin pin)
{
  g_autoptr (MdCardConnection) connection = connect_card (context);

  if (pin == MD_CARD_PIN_STAFF)
    {
      g_autoptr (MdStaffCard) card = find_staff (context, connection);

      if (card != NULL)
        (void)present_staff (context, card);
    }
  else
    {
      g_autoptr (MdMyNumberCard) card = find_resident (context, connection);

      if (card != NULL)
        (void)present (context, card, pin);
    }
}

static MdCardPin
get_pin_for_again (const TalkPlan *plan)
{
  static const MdCardPin pins[] = { MD_CARD_PIN_AUTH, MD_CARD_PIN_TEXT, MD_CARD_PIN_SIGN,
                                    MD_CARD_PIN_STAFF, MD_CARD_PIN_FACE_B };

  return pins[plan->choice % G_N_ELEMENTS (pins)];
}

/* A wrong PIN costs one try, whatever went wrong on the way, and whether or not the card can be
 * recognised; unless the PIN may be another one by now. */
static void
check_mistakes (const TalkContext *context, MdCardPin pin)
{
  const gboolean again = (context->plan->choice & CHOICE_REINSERT) != 0;
  const gboolean between = (context->plan->choice & CHOICE_BETWEEN) != 0;

  if (context->memory != NULL && context->model != NULL && fuzz_model_is_honest (context->model)
      && !(again && between))
    g_assert_cmpuint (fuzz_model_get_mistakes (context->model, pin), <=, between ? 2 : 1);
}

static void
talk_again (TalkContext *context)
{
  const MdCardPin pin = get_pin_for_again (context->plan);

  for (guint i = 0; i < 3; i++)
    {
      /* A cancelled conversation is over; the next one is somebody's new wish. */
      g_clear_object (&context->cancellable);
      context->cancellable = g_cancellable_new ();
      context->corrected = i == 1 && (context->plan->choice & CHOICE_BETWEEN) != 0;
      present_once_more (context, pin);
      if ((context->plan->choice & CHOICE_REINSERT) != 0)
        fuzz_backend_reinsert (context->backend);
    }
  check_mistakes (context, pin);
}

gboolean
talk_is_staff (const TalkPlan *plan)
{
  const guint talk = plan->talk % N_TALKS;

  return talk == TALK_STAFF
         || (talk == TALK_AGAIN && get_pin_for_again (plan) == MD_CARD_PIN_STAFF);
}

/* --- The readers --- */

static void
check_readers (const TalkContext *context)
{
  MdCardBackend *backend = MD_CARD_BACKEND (context->backend);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = md_card_backend_list (backend, context->cancellable, &error);
  g_autoptr (MdCardSnapshot) known = md_card_backend_watch (backend, NULL, NULL, &error);
  g_autoptr (MdCardSnapshot) copy = md_card_snapshot_copy (known);

  g_assert_no_error (error);
  g_assert_true (g_strv_contains ((const char *const *)names, FUZZ_READER));
  g_assert_nonnull (md_card_snapshot_find (known, FUZZ_READER));
  g_assert_null (md_card_snapshot_find (known, "another"));
  g_assert_true (md_card_snapshot_equal (known, copy));
  ((MdCardReaderState *)g_ptr_array_index (copy->readers, 0))->events++;
  g_assert_false (md_card_snapshot_equal (known, copy));
  g_ptr_array_set_size (copy->readers, 0);
  g_assert_false (md_card_snapshot_equal (known, copy));
}

void
talk_run (const TalkPlan *plan, FuzzBackend *backend, const FuzzModel *model)
{
  static void (*const talks[N_TALKS]) (const TalkContext *context) = {
    [TALK_FLOW] = talk_flow,
    [TALK_RESIDENT] = talk_resident,
    [TALK_PAD] = talk_pad,
    [TALK_STAFF] = talk_staff,
  };
  TalkContext context = { .plan = plan, .backend = backend, .model = model };
  const guint talk = plan->talk % N_TALKS;

  context.cancellable = g_cancellable_new ();
  if (talk_has_option (&context, TALK_OPTION_MEMORY))
    context.memory = md_card_memory_new ();
  check_readers (&context);
  if (talk == TALK_AGAIN)
    talk_again (&context);
  else
    talks[talk](&context);
  if (context.memory != NULL)
    md_card_memory_forget_reader (context.memory, FUZZ_READER);
  md_card_memory_unref (context.memory);
  g_object_unref (context.cancellable);
  fuzz_backend_finish (backend);
}
