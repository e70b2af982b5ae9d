// SPDX-License-Identifier: Apache-2.0
#include <md-card.h>

typedef struct
{
  MdCardPin pin;
  const char *typed;
  const char *wanted; // NULL: refused
  guint changes;
} Row;

static const Row rows[] = {
  { MD_CARD_PIN_AUTH, "1234", "1234", MD_CARD_PIN_AS_TYPED },
  { MD_CARD_PIN_AUTH, "１２３４", "1234", MD_CARD_PIN_NARROWED },
  { MD_CARD_PIN_AUTH, "12345", NULL, 0 },
  { MD_CARD_PIN_AUTH, "123a", NULL, 0 },
  { MD_CARD_PIN_AUTH, "123 ", NULL, 0 },
  { MD_CARD_PIN_TEXT, "", NULL, 0 },
  { MD_CARD_PIN_SIGN, "AOZORA1", "AOZORA1", MD_CARD_PIN_AS_TYPED },
  { MD_CARD_PIN_SIGN, "aozora1", "AOZORA1", MD_CARD_PIN_RAISED },
  { MD_CARD_PIN_SIGN, "ａｏＺora１", "AOZORA1", MD_CARD_PIN_RAISED | MD_CARD_PIN_NARROWED },
  { MD_CARD_PIN_SIGN, "AOZORA", NULL, 0 },
  { MD_CARD_PIN_SIGN, "123456", NULL, 0 },
  { MD_CARD_PIN_SIGN, "AOZ-RA1", NULL, 0 },
  { MD_CARD_PIN_SIGN, "あおぞら12", NULL, 0 },
  { MD_CARD_PIN_SIGN, "ABCDEFGHIJKLMNO1", "ABCDEFGHIJKLMNO1", 0 },
  { MD_CARD_PIN_SIGN, "ABCDEFGHIJKLMNOP1", NULL, 0 },
  { MD_CARD_PIN_SIGN, "A\x80Z0RA1", NULL, 0 },
  { MD_CARD_PIN_TEXT_A, "123456789018", "123456789018", 0 },
  { MD_CARD_PIN_TEXT_A, "１２３４５６７８９０１８", "123456789018", MD_CARD_PIN_NARROWED },
  { MD_CARD_PIN_TEXT_A, "123456789019", NULL, 0 }, // the check digit
  { MD_CARD_PIN_TEXT_A, "213456789018", NULL, 0 },
  { MD_CARD_PIN_FACE_A, "12345678901", NULL, 0 },
  { MD_CARD_PIN_FACE_B, "58051420362285", "58051420362285", 0 },
  { MD_CARD_PIN_TEXT_B, "5805142036228", NULL, 0 },
};

static void
test_prepare (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdSecret) typed = md_secret_new_from_text (rows[i].typed);
      guint changes = 0;
      g_autoptr (MdSecret) prepared = md_card_pin_prepare (rows[i].pin, typed, &changes, &error);
      g_test_message ("%s", rows[i].typed);
      if (rows[i].wanted == NULL)
        {
          g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_FORMAT);
          g_assert_cmpint (md_card_error_get_pin (error), ==, rows[i].pin);
          g_assert_null (prepared);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (md_secret_get_text (prepared), ==, rows[i].wanted);
      g_assert_cmpuint (changes, ==, rows[i].changes);
    }
}

// Character by character, as an entry takes them that says at once what cannot be.
static void
test_fold (void)
{
  static const struct
  {
    MdCardPin pin;
    gunichar typed;
    guint8 wanted;
    guint changes;
  } characters[] = {
    { MD_CARD_PIN_AUTH, '7', '7', MD_CARD_PIN_AS_TYPED },
    { MD_CARD_PIN_AUTH, 0xff17, '7', MD_CARD_PIN_NARROWED },
    { MD_CARD_PIN_AUTH, 'A', 0, MD_CARD_PIN_AS_TYPED },
    { MD_CARD_PIN_SIGN, 'A', 'A', MD_CARD_PIN_AS_TYPED },
    { MD_CARD_PIN_SIGN, 'z', 'Z', MD_CARD_PIN_RAISED },
    { MD_CARD_PIN_SIGN, 0xff5a, 'Z', MD_CARD_PIN_RAISED | MD_CARD_PIN_NARROWED },
    { MD_CARD_PIN_SIGN, '0', '0', MD_CARD_PIN_AS_TYPED },
    { MD_CARD_PIN_SIGN, '-', 0, MD_CARD_PIN_AS_TYPED },
    { MD_CARD_PIN_SIGN, ' ', 0, MD_CARD_PIN_AS_TYPED },
    { MD_CARD_PIN_SIGN, 0x3042, 0, MD_CARD_PIN_AS_TYPED },
    { MD_CARD_PIN_SIGN, 0xe9, 0, MD_CARD_PIN_AS_TYPED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (characters); i++)
    {
      guint changes = MD_CARD_PIN_AS_TYPED;
      g_assert_cmpuint (md_card_pin_fold (characters[i].pin, characters[i].typed, &changes), ==,
                        characters[i].wanted);
      g_assert_cmpuint (changes, ==, characters[i].changes);
    }
}

// A zero byte inside ends no check early.
static void
test_zero_byte (void)
{
  g_autoptr (MdSecret) typed = md_secret_new_from_data ("1234\0", 5);
  g_assert_null (md_card_pin_prepare (MD_CARD_PIN_AUTH, typed, NULL, NULL));
}

static void
test_maximum (void)
{
  g_assert_cmpint (md_card_pin_get_maximum (MD_CARD_PIN_AUTH), ==, 3);
  g_assert_cmpint (md_card_pin_get_maximum (MD_CARD_PIN_SIGN), ==, 5);
  g_assert_cmpint (md_card_pin_get_maximum (MD_CARD_PIN_FACE_B), ==, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/card-pin/fold", test_fold);
  g_test_add_func ("/card/card-pin/prepare", test_prepare);
  g_test_add_func ("/card/card-pin/zero-byte", test_zero_byte);
  g_test_add_func ("/card/card-pin/maximum", test_maximum);
  return g_test_run ();
}
