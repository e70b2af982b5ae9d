// SPDX-License-Identifier: Apache-2.0
#include "card-talk-check.h"

#include <string.h>

#define SHORTEST_TELLING_PIN 6 /* four digits may stand in a status word by chance */

gboolean
talk_has_option (const TalkContext *context, TalkOption option)
{
  return (context->plan->options & option) != 0;
}

static void
check_words (const char *text, const GError *error)
{
  const char *secret = talk_pins[md_card_error_get_pin (error)];

  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  if (secret != NULL && strlen (secret) >= SHORTEST_TELLING_PIN)
    g_assert_null (strstr (text, secret));
}

/* An error that a person can be told about, with no secret in it. */
static void
check_error (const GError *error)
{
  g_autoptr (MdCardText) text = md_card_text_for_error (error);
  g_autofree char *left = md_card_text_for_tries (md_card_error_get_tries (error));
  const char *detail = md_card_error_get_detail (error);
  const int tries = md_card_error_get_tries (error);

  g_assert_true (error->domain == MD_CARD_ERROR
                 || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  check_words (text->title, error);
  check_words (text->meaning, error);
  check_words (text->action, error);
  check_words (error->message, error);
  check_words (left, error);
  if (detail != NULL)
    check_words (detail, error);
  g_assert_true (tries >= MD_CARD_TRIES_UNKNOWN && tries <= TRIES_MAX);
  if (error->domain == MD_CARD_ERROR)
    g_assert_cmpstr (md_card_error_nick ((MdCardError)error->code), !=, "");
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_BLOCKED))
    g_assert_cmpint (tries, ==, 0);
}

gboolean
talk_check_outcome (gboolean good, GError **error)
{
  g_assert_true (good == (*error == NULL));
  if (*error != NULL)
    check_error (*error);
  g_clear_error (error);
  return good;
}

gboolean
talk_check_reading (gboolean good, GError **error)
{
  g_assert_false (g_error_matches (*error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG)
                  || g_error_matches (*error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_SAME)
                  || g_error_matches (*error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_SENT_BEFORE)
                  || g_error_matches (*error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_LAST_TRY));
  return talk_check_outcome (good, error);
}

gboolean
talk_check_bytes (GBytes *bytes, gsize most, GError **error)
{
  if (bytes != NULL)
    g_assert_true (g_bytes_get_size (bytes) > 0 && g_bytes_get_size (bytes) <= most);
  return talk_check_reading (bytes != NULL, error);
}

void
talk_check_attributes (const MdCardAttributes *attributes)
{
  g_assert_true (g_utf8_validate (md_card_attributes_get_name (attributes), -1, NULL));
  g_assert_true (g_utf8_validate (md_card_attributes_get_address (attributes), -1, NULL));
  g_assert_true (md_digits_is (md_card_attributes_get_birth (attributes), 8));
  g_assert_cmpuint (strlen (md_card_attributes_get_sex_code (attributes)), ==, 1);
}

void
talk_check_face (const MdCardFace *face)
{
  g_assert_true (md_digits_is (md_card_face_get_birth (face), 8));
  for (guint i = MD_CARD_IMAGE_NAME; i <= MD_CARD_IMAGE_PHOTO; i++)
    g_assert_cmpuint (md_secret_get_size (md_card_face_get_image (face, (MdCardImage)i)), <,
                      MD_CARD_FILE_MAX);
}

void
talk_check_common (const MdCardCommon *common)
{
  static const MdDate today = { 2026, 11, 21 };

  g_assert_true (*common->serial == '\0' || md_digits_is (common->serial, 15));
  g_assert_true (md_digits_is (common->municipality, 5));
  g_assert_true (md_digits_is (common->expiry, 8));
  for (guint months = 0; months < 24; months += 3)
    g_assert_cmpuint (md_card_expiry_judge (common->expiry, &today, months), <=,
                      MD_CARD_EXPIRY_UNKNOWN);
}

void
talk_check_refusal (const TalkContext *context, MdCardPin pin, const GError *error)
{
  const int tries = md_card_error_get_tries (error);

  if (context->model == NULL || !fuzz_model_is_honest (context->model)
      || md_card_error_get_pin (error) != pin || tries == MD_CARD_TRIES_UNKNOWN
      || fuzz_model_has_quirk (context->model, MODEL_QUIRK_NO_COUNT)
      || fuzz_model_has_quirk (context->model, MODEL_QUIRK_OTHER_CARD))
    return;
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG)
      || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_SAME)
      || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_SENT_BEFORE)
      || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_LAST_TRY)
      || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_BLOCKED))
    g_assert_cmpint (tries, ==, (int)fuzz_model_get_tries (context->model, pin));
}

guint
talk_count_tries (const TalkContext *context, MdCardPin pin)
{
  return context->model != NULL && fuzz_model_is_honest (context->model)
             ? fuzz_model_get_tries (context->model, pin)
             : 1;
}

void
talk_check_last_try (const TalkContext *context, MdCardPin pin, guint before)
{
  if (!talk_has_option (context, TALK_OPTION_LAST_TRY)
      && (pin != MD_CARD_PIN_STAFF || context->memory == NULL))
    g_assert_true (before == 0 || talk_count_tries (context, pin) > 0);
}

void
talk_check_flow (MdCardFlow flow, const MdCardFlowRequest *request, const MdCardFlowResult *result)
{
  g_assert_true ((result->attributes != NULL) == (flow == MD_CARD_FLOW_ATTRIBUTES));
  g_assert_true ((result->number != NULL) == (flow == MD_CARD_FLOW_NUMBER));
  g_assert_true ((result->face != NULL) == (flow == MD_CARD_FLOW_FACE));
  g_assert_true ((result->signature != NULL) == (request->profile != NULL));
  g_assert_true ((result->certificate != NULL) == (request->profile != NULL));
  g_assert_true (request->with_issuer || !result->has_issuer);
  if (result->attributes != NULL)
    talk_check_attributes (result->attributes);
  if (result->number != NULL)
    g_assert_true (md_digits_is (md_secret_get_text (result->number), 12));
  if (result->face != NULL)
    talk_check_face (result->face);
}
