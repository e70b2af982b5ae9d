// SPDX-License-Identifier: Apache-2.0
#include "md-card-text.h"

#include "md-card-words.h"
#include <string.h>

typedef struct
{
  const char *title;
  const char *meaning;
  const char *action;
  gboolean other_way; // where nothing here helps, another way of identification may
} Row;

// In the order of the enum. Titles of the PIN rows are completed below with the PIN's name and the
// tries left.
static const Row rows[] = {
  [MD_CARD_ERROR_NO_SERVICE] = {
      N_ ("The card service is not running."),
      N_ ("No card can be read on this terminal for now. The resident's card is fine."),
      N_ ("Wait a moment: the terminal connects by itself as soon as the service is back. If this stays, ask the "
          "administrator to start the card service."),
  },
  [MD_CARD_ERROR_NOT_INSTALLED] = {
      N_ ("There is no card service on this terminal."),
      N_ ("No card can be read here. The resident's card is fine."),
      N_ ("Ask the administrator to install the card service (pcscd)."),
      TRUE,
  },
  [MD_CARD_ERROR_SERVICE_LOST] = {
      N_ ("The card service has stopped, or does not answer any more."),
      N_ ("No card can be read on this terminal for now; the card is fine."),
      N_ ("Wait until the terminal shows the reader again, then begin anew. If it lasts or happens again, have the "
          "administrator start the card service anew."),
  },
  [MD_CARD_ERROR_NO_PERMISSION] = {
      N_ ("This user may not use the card reader."),
      N_ ("The terminal refuses access to the reader. The resident's card is fine."),
      N_ ("Ask the administrator to allow this user to use the card reader."),
  },
  [MD_CARD_ERROR_NO_READER] = {
      N_ ("The card reader is not connected."),
      N_ ("The card cannot be read until the reader is back."),
      N_ ("Check the cable of the reader and plug it in again. If it is not found, ask the administrator."),
  },
  [MD_CARD_ERROR_NO_CARD] = {
      N_ ("There is no card on the reader."),
      N_ ("Nothing has been read."),
      N_ ("Place the card on the reader and leave it there."),
  },
  [MD_CARD_ERROR_REMOVED] = {
      N_ ("The card was taken away before the work was done."),
      N_ ("Nothing was recorded."),
      N_ ("Place the card on the reader again and leave it there until the screen says that it may be taken."),
  },
  [MD_CARD_ERROR_MUTE] = {
      N_ ("The card on the reader does not answer."),
      N_ ("It may lie the wrong way round, or beside another card, or its chip may be damaged."),
      N_ ("Take it out of its case, check which side is up, and place it again, alone. If it still "
          "does not answer, it cannot be used here."),
      TRUE,
  },
  [MD_CARD_ERROR_BUSY] = {
      N_ ("Another program is using the card."),
      N_ ("The card cannot be read while the other program holds it. Which one it is cannot be told from here."),
      N_ ("Close the other program (for example a browser with a card page), then try again."),
  },
  [MD_CARD_ERROR_TIMEOUT] = {
      N_ ("The card did not answer in time."),
      N_ ("Nothing was recorded."),
      N_ ("Place the card again, without its case and away from other cards, and try once more."),
  },
  [MD_CARD_ERROR_UNKNOWN_CARD] = {
      N_ ("This is not a card that can be used here."),
      N_ ("The card answers, but it has none of the applications that are needed."),
      N_ ("Check that it is the right card, and place that one."),
      TRUE,
  },
  [MD_CARD_ERROR_WRONG_CARD] = {
      N_ ("This card belongs on the other reader."),
      N_ ("The reader on this side is for another kind of card. Nothing was read from it."),
      N_ ("Place the My Number card on the resident's reader and the staff card on the staff reader."),
  },
  [MD_CARD_ERROR_PIN_WRONG] = {
      N_ ("The PIN is not right."),
      N_ ("The card did not accept this PIN. After too many wrong entries it locks."),
      N_ ("Check calmly which PIN is asked for, then enter it again. If it is not certain, stop here "
          "and identify the person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PIN_SAME] = {
      N_ ("This is the same PIN as before."),
      N_ ("The card refused this very PIN a moment ago, so it was not sent again and no try was used."),
      N_ ("Ask the resident to think of another one. If it is not certain, stop here and identify the "
          "person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PIN_LAST_TRY] = {
      N_ ("Only one try is left for the PIN."),
      N_ ("The PIN has not been sent to the card. If the next entry is wrong, the PIN locks."),
      N_ ("Enter it only if it is certain, and confirm that this is the last try. Otherwise identify "
          "the person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PIN_UNCOUNTED] = {
      N_ ("The card does not tell how many tries are left for the PIN."),
      N_ ("The PIN has not been sent to the card. If this is the last try and it is wrong, the PIN locks."),
      N_ ("Enter it only if it is certain, and confirm that it shall be sent. Otherwise identify the "
          "person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PIN_BLOCKED] = {
      N_ ("The PIN is locked."),
      N_ ("It was entered wrongly too often, or this card was issued without it. The card itself stays valid as an "
          "identity document."),
      N_ ("The PIN can be set again at the My Number card counter of this office. For this "
          "application, identify the person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PIN_FORMAT] = {
      N_ ("This cannot be the PIN."),
      N_ ("It was not sent to the card, so no try was used."),
      N_ ("Check the length and the kind of characters of this PIN and enter it again."),
  },
  [MD_CARD_ERROR_PIN_NEEDED] = {
      N_ ("The card asks for the PIN."),
      N_ ("The card has forgotten that the PIN was entered, for example because it was moved."),
      N_ ("Place the card again and enter the PIN once more."),
  },
  [MD_CARD_ERROR_NO_DATA] = {
      N_ ("The card does not hold what was asked for."),
      N_ ("The certificate or the data that is needed was never written to this card, or was taken off it."),
      N_ ("Ask the resident whether the electronic certificate was issued. Until then, identify the "
          "person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PROTOCOL] = {
      N_ ("The card gave an answer that cannot be understood."),
      N_ ("Nothing was recorded. The card may be damaged, or may not be genuine."),
      N_ ("Place it again and try once more. If it happens again, do not use this card, and tell the "
          "supervisor."),
      TRUE,
  },
  [MD_CARD_ERROR_UNSUPPORTED] = {
      N_ ("The card or the reader does not offer this."),
      N_ ("This kind of card cannot do what is needed here."),
      N_ ("Use another card or another reader."),
      TRUE,
  },
  [MD_CARD_ERROR_PAD_CANCELLED] = {
      N_ ("The entry was cancelled at the reader's keypad."),
      N_ ("No PIN was sent to the card, so no try was used."),
      N_ ("Begin again when the resident is ready, or use the keys on the screen."),
  },
  [MD_CARD_ERROR_PAD_TIMEOUT] = {
      N_ ("No PIN was entered at the reader's keypad."),
      N_ ("The reader waited and then gave up. No PIN was sent to the card, so no try was used."),
      N_ ("Begin again when the resident is ready, or use the keys on the screen."),
  },
  [MD_CARD_ERROR_PAD_FAILED] = {
      N_ ("The reader's keypad does not work."),
      N_ ("The reader says that it has a keypad, but the entry failed. The card has counted no wrong PIN."),
      N_ ("Enter the PIN with the keys on the screen. Tell the administrator that the reader's keypad fails."),
  },
  [MD_CARD_ERROR_PAD_WAITING] = {
      N_ ("The reader still waits for a PIN at its keypad."),
      N_ ("The entry was given up here, but the reader cannot be told so. What is typed there now still goes to the "
          "card, and a wrong PIN counts; nothing else comes of it."),
      N_ ("Press the cancel key on the reader, or take the card off it. It ends by itself after half a minute."),
  },
  [MD_CARD_ERROR_STOPPED] = {
      N_ ("Reading the card was stopped while it was checking an entry."),
      N_ ("Nothing was recorded."),
      N_ ("Begin again when everybody is ready."),
  },
  [MD_CARD_ERROR_FAILED] = {
      N_ ("The card reader reported a fault."),
      N_ ("Nothing was recorded."),
      N_ ("Place the card again. If the fault stays, unplug the reader, plug it in again, and ask the administrator."),
  },
  [MD_CARD_ERROR_NOT_REGISTERED] = {
      N_ ("This card reader is not registered for this terminal."),
      N_ ("Only registered readers may be used here. No card was read on it."),
      N_ ("Connect the registered reader. If this one is to be used, ask the administrator to have it registered."),
  },
  [MD_CARD_ERROR_PIN_SENT_BEFORE] = {
      N_ ("This very card may have refused the same PIN before."),
      N_ ("This card shows nothing that tells it from others, and one like it did not accept the same PIN, or did not "
          "answer. So it was not sent again, and no try was used."),
      N_ ("Ask the resident whether the PIN is certain. Only then confirm it on the screen and enter it again; "
          "otherwise identify the person in another way."),
      TRUE,
  },
};

static const Row cancelled = {
  N_ ("Reading the card was stopped."),
  N_ ("Nothing was recorded."),
  N_ ("Begin again when everybody is ready."),
};

// The office's own card has other helpers than the resident's, and the officer types alone.
static const Row staff_rows[] = {
  [MD_CARD_ERROR_PIN_SAME] = {
      N_ ("This is the same PIN as before."),
      N_ ("The card refused this very PIN a moment ago, so it was not sent again and no try was used."),
      N_ ("Enter another one. If it is not certain, ask the administrator of staff cards."),
  },
  [MD_CARD_ERROR_PIN_WRONG] = {
      N_ ("The PIN is not right."),
      N_ ("The card did not accept this PIN. After too many wrong entries it locks."),
      N_ ("Check it calmly and enter it again."),
  },
  [MD_CARD_ERROR_PIN_LAST_TRY] = {
      N_ ("Only one try is left for the PIN."),
      N_ ("The PIN has not been sent to the card. If the next entry is wrong, the PIN locks."),
      N_ ("If you are certain of it, say so on the screen, then enter it. If not, ask the administrator of staff cards."),
  },
  [MD_CARD_ERROR_PIN_UNCOUNTED] = {
      N_ ("The card does not tell how many tries are left for the PIN."),
      N_ ("The PIN has not been sent to the card. If this is the last try and it is wrong, the PIN locks."),
      N_ ("If you are certain of it, say so on the screen, then enter it. If not, ask the administrator of staff cards."),
  },
  [MD_CARD_ERROR_PIN_BLOCKED] = {
      N_ ("The PIN is locked."),
      N_ ("The staff card's PIN was entered wrongly too often."),
      N_ ("Ask the administrator of staff cards to set it again."),
  },
  [MD_CARD_ERROR_PAD_CANCELLED] = {
      N_ ("The entry was cancelled at the reader's keypad."),
      N_ ("No PIN was sent to the card, so no try was used."),
      N_ ("Begin again, or use the keys on the screen."),
  },
  [MD_CARD_ERROR_PAD_TIMEOUT] = {
      N_ ("No PIN was entered at the reader's keypad."),
      N_ ("The reader waited and then gave up. No PIN was sent to the card, so no try was used."),
      N_ ("Begin again, or use the keys on the screen."),
  },
  [MD_CARD_ERROR_PIN_SENT_BEFORE] = {
      N_ ("This very card may have refused the same PIN before."),
      N_ ("This card shows nothing that tells it from others, and one like it did not accept the same PIN, or did not "
          "answer. So it was not sent again, and no try was used."),
      N_ ("Have the card looked at by the administrator of staff cards, and use another one until then."),
  },
};

// What is printed on the card is no PIN: it can be read again, and nobody can forget it.
static const Row printed_rows[] = {
  [MD_CARD_ERROR_PIN_SAME] = {
      N_ ("These are the same digits as before."),
      N_ ("The card refused these very digits a moment ago, so they were not sent again and no try was used."),
      N_ ("Read them from the card once more, digit by digit. If they are right and it still refuses, the card may "
          "have been renewed or may not be genuine: tell the supervisor."),
  },
  [MD_CARD_ERROR_PIN_WRONG] = {
      N_ ("These digits do not belong to this card."),
      N_ ("The card compares them with its own. After too many wrong entries it locks them."),
      N_ ("Read them from the card once more, digit by digit. If they are right and it still refuses, the card may "
          "have been renewed or may not be genuine: tell the supervisor."),
  },
  [MD_CARD_ERROR_PIN_LAST_TRY] = {
      N_ ("Only one try is left for the digits printed on the card."),
      N_ ("They have not been sent to the card. If the next entry is wrong, the card locks them."),
      N_ ("Compare every digit with the card before the last try. If they are not certain, identify "
          "the person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PIN_UNCOUNTED] = {
      N_ ("The card does not tell how many tries are left for the digits printed on it."),
      N_ ("They have not been sent to the card. If this is the last try and they are wrong, the card locks them."),
      N_ ("Compare every digit with the card before you confirm. If they are not certain, identify the "
          "person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PIN_BLOCKED] = {
      N_ ("The digits printed on the card are locked."),
      N_ ("They were entered wrongly too often. The card itself stays valid as an identity document."),
      N_ ("They can be released at the My Number card counter of this office. Until then, identify the "
          "person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PIN_FORMAT] = {
      N_ ("These cannot be the digits printed on the card."),
      N_ ("They were not sent to the card, so no try was used."),
      N_ ("Read them from the card once more and enter them again."),
  },
  [MD_CARD_ERROR_PIN_NEEDED] = {
      N_ ("The card asks for the digits printed on it."),
      N_ ("The card has forgotten that they were entered, for example because it was moved."),
      N_ ("Place the card again and enter the digits once more."),
  },
  [MD_CARD_ERROR_PIN_SENT_BEFORE] = {
      N_ ("This very card may have refused the same digits before."),
      N_ ("This card shows nothing that tells it from others, and one like it did not accept the same digits, or did "
          "not answer. So they were not sent again, and no try was used."),
      N_ ("Compare every digit with the card before you confirm. If they are not certain, identify the "
          "person in another way."),
      TRUE,
  },
};

// Where the card does not tell what became of it.
static const Row pad_failed_uncounted = {
  N_ ("The reader's keypad does not work."),
  N_ ("The reader says that it has a keypad, but the entry failed. Whether the card has counted a "
      "wrong PIN cannot be "
      "told."),
  N_ ("Enter the PIN with the keys on the screen, if it is certain. Tell the administrator that "
      "the reader's keypad "
      "fails."),
};

// The password of the signature certificate: rules, tries and remedy of its own.
static const Row password_rows[] = {
  [MD_CARD_ERROR_PIN_WRONG] = {
      N_ ("The password is not right."),
      N_ ("The card did not accept this password. After five wrong entries it locks."),
      N_ ("Ask calmly for the password of 6 to 16 letters and digits, which is not one of the PINs of "
          "four digits. If it is not certain, identify the person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PIN_SAME] = {
      N_ ("This is the same password as before."),
      N_ ("The card refused this very password a moment ago, so it was not sent again and no try was used."),
      N_ ("Enter another one. If it is not certain, identify the person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PIN_LAST_TRY] = {
      N_ ("Only one try is left for the password."),
      N_ ("The password has not been sent to the card. If the next entry is wrong, it locks."),
      N_ ("Ask whether it is certain before the last try. If not, identify the person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PIN_BLOCKED] = {
      N_ ("The password of the signature certificate is locked."),
      N_ ("It was entered wrongly five times. The PINs of four digits are not affected."),
      N_ ("The password can be set again at the My Number card counter of this office. For this "
          "application, identify the person in another way."),
      TRUE,
  },
  [MD_CARD_ERROR_PIN_FORMAT] = {
      N_ ("This cannot be the password of the signature certificate."),
      N_ ("It was not sent to the card, so no try was used."),
      N_ ("It has 6 to 16 characters: letters and digits, at least one of each, nothing else. "
          "Lower-case letters count as "
          "upper-case ones. Enter it again."),
  },
  [MD_CARD_ERROR_PIN_SENT_BEFORE] = {
      N_ ("This very card may have refused the same password before."),
      N_ ("This card shows nothing that tells it from others, and one like it did not accept the same password, or did "
          "not answer. So it was not sent again, and no try was used."),
      N_ ("Ask whether the password is certain. Only then confirm it on the screen and enter it again; otherwise "
          "identify the person in another way."),
      TRUE,
  },
};

static const char *
pin_name (MdCardPin pin)
{
  static const char *const names[] = {
    [MD_CARD_PIN_AUTH] = N_ ("PIN of the user certificate (4 digits)"),
    [MD_CARD_PIN_TEXT] = N_ ("PIN for the card's personal data (4 digits)"),
    [MD_CARD_PIN_SIGN] = N_ ("password of the signature certificate (6 to 16 letters and digits)"),
    [MD_CARD_PIN_TEXT_A] = N_ ("individual number on the back of the card (照合番号A, 12 digits)"),
    [MD_CARD_PIN_TEXT_B]
    = N_ ("birth date, expiry year and security code on the front of the card (照合番号B)"),
    [MD_CARD_PIN_FACE_A] = N_ ("individual number on the back of the card (照合番号A, 12 digits)"),
    [MD_CARD_PIN_FACE_B]
    = N_ ("birth date, expiry year and security code on the front of the card (照合番号B)"),
    [MD_CARD_PIN_STAFF] = N_ ("PIN of the staff card (6 to 8 digits)"),
  };
  g_return_val_if_fail (pin < G_N_ELEMENTS (names) && names[pin] != NULL, "");
  return _ (names[pin]);
}

char *
md_card_text_for_tries (int tries)
{
  if (tries == 0)
    return g_strdup (C_ ("tries left", "Locked"));
  if (tries == 1)
    return g_strdup (C_ ("tries left", "Last try"));
  if (tries < 0)
    return g_strdup (C_ ("tries left", "Not known"));
  return g_strdup_printf (ngettext ("%d try left", "%d tries left", (gulong)tries), tries);
}

static MdCardText *
text_from_row (const Row *row)
{
  MdCardText *text = g_new0 (MdCardText, 1);
  text->title = g_strdup (_ (row->title));
  text->meaning = g_strdup (_ (row->meaning));
  text->action = g_strdup (_ (row->action));
  text->other_way = row->other_way;
  return text;
}

static void
replace (char **text, char *other)
{
  g_free (*text);
  *text = other;
}

static gboolean
is_printed (MdCardPin pin)
{
  return pin >= MD_CARD_PIN_TEXT_A && pin <= MD_CARD_PIN_FACE_B;
}

static const Row *
row_for (const GError *error)
{
  if (error->domain != MD_CARD_ERROR)
    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? &cancelled
                                                                     : &rows[MD_CARD_ERROR_FAILED];
  if ((gsize)error->code >= G_N_ELEMENTS (rows))
    return &rows[MD_CARD_ERROR_FAILED];
  MdCardPin pin = md_card_error_get_pin (error);
  gsize code = (gsize)error->code;
  if (pin == MD_CARD_PIN_STAFF && code < G_N_ELEMENTS (staff_rows)
      && staff_rows[code].title != NULL)
    return &staff_rows[code];
  if (is_printed (pin) && code < G_N_ELEMENTS (printed_rows) && printed_rows[code].title != NULL)
    return &printed_rows[code];
  if (pin == MD_CARD_PIN_SIGN && code < G_N_ELEMENTS (password_rows)
      && password_rows[code].title != NULL)
    return &password_rows[code];
  if (code == MD_CARD_ERROR_PAD_FAILED && pin != MD_CARD_PIN_NONE
      && md_card_error_get_tries (error) < 0)
    return &pad_failed_uncounted;
  return &rows[code];
}

// Of two PINs, which one: said first.
static gboolean
is_named_first (int code)
{
  return code == MD_CARD_ERROR_PIN_WRONG || code == MD_CARD_ERROR_PIN_SAME;
}

char *
md_card_text_name_pin (MdCardPin pin)
{
  char *name = g_strdup (pin_name (pin));
  char *digits = strpbrk (name, "(");

  if (digits == NULL)
    digits = strstr (name, "（");
  if (digits != NULL)
    *digits = '\0';
  return g_strchomp (name);
}

static char *
title_of_pin (int code, MdCardPin pin, int tries)
{
  g_autofree char *name = md_card_text_name_pin (pin);
  if (code == MD_CARD_ERROR_PIN_SAME)
    return g_strdup_printf (
        ngettext ("The %s is the same as before. It was not sent again; %d try is left.",
                  "The %s is the same as before. It was not sent again; %d tries are left.",
                  (gulong)tries),
        name, tries);
  if (tries == 1)
    return g_strdup_printf (_ ("The %s is not right. One last try is left."), name);
  return g_strdup_printf (ngettext ("The %s is not right. %d more try is possible.",
                                    "The %s is not right. %d more tries are possible.",
                                    (gulong)tries),
                          name, tries);
}

// Something broke off: whether that may have cost a try.
static void
complete_count (MdCardText *text, const GError *error)
{
  static const MdCardError broken[] = { MD_CARD_ERROR_REMOVED, MD_CARD_ERROR_TIMEOUT,
                                        MD_CARD_ERROR_SERVICE_LOST, MD_CARD_ERROR_FAILED };
  if (md_card_error_is_unanswered (error))
    {
      replace (&text->meaning,
               g_strdup_printf (_ ("%s If what was entered had reached the card and was wrong, it "
                                   "counts as one wrong entry. Once the card is placed again, the "
                                   "tries that are left are shown."),
                                text->meaning));
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    if (error->code == (int)broken[i])
      replace (&text->meaning,
               g_strdup_printf (_ ("%s This does not count as a wrong PIN."), text->meaning));
}

// Adds what travelled with the error: the PIN's name, the tries left, who holds the card.
static void
complete (MdCardText *text, const GError *error)
{
  MdCardPin pin = md_card_error_get_pin (error);
  int tries = md_card_error_get_tries (error);
  const char *holder = md_card_error_get_holder (error);
  complete_count (text, error);
  if (is_printed (pin) && error->code == MD_CARD_ERROR_PIN_WRONG && tries > 0)
    {
      replace (&text->title,
               g_strdup_printf (
                   ngettext ("These digits do not belong to this card. %d more try is possible.",
                             "These digits do not belong to this card. %d more tries are possible.",
                             (gulong)tries),
                   tries));
    }
  else if (pin != MD_CARD_PIN_NONE && tries > 0 && is_named_first (error->code))
    {
      replace (&text->title, title_of_pin (error->code, pin, tries));
      return;
    }
  else if (pin != MD_CARD_PIN_NONE && tries < 0 && is_named_first (error->code))
    replace (
        &text->meaning,
        g_strdup_printf (_ ("%s The card does not tell how many tries are left."), text->meaning));
  if (pin != MD_CARD_PIN_NONE)
    {
      g_autofree char *name = md_card_text_name_pin (pin);
      replace (&text->meaning,
               g_strdup_printf (_ ("%s (This is about the %s.)"), text->meaning, name));
    }
  if (error->code == MD_CARD_ERROR_BUSY && holder != NULL)
    replace (&text->meaning, g_strdup_printf (_ ("The card is probably held by: %s."), holder));
}

MdCardText *
md_card_text_for_error (const GError *error)
{
  g_return_val_if_fail (error != NULL, text_from_row (&rows[MD_CARD_ERROR_FAILED]));
  MdCardText *text = text_from_row (row_for (error));
  if (error->domain == MD_CARD_ERROR)
    complete (text, error);
  return text;
}

MdCardText *
md_card_text_new (const char *title, const char *meaning, const char *action)
{
  const Row row = { title, meaning, action, FALSE };
  return text_from_row (&row);
}

void
md_card_text_free (MdCardText *text)
{
  if (text == NULL)
    return;
  g_free (text->title);
  g_free (text->meaning);
  g_free (text->action);
  g_free (text);
}
