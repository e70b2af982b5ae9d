// SPDX-License-Identifier: Apache-2.0
#include "md-identity-text.h"

#include <glib/gi18n.h>
#include <md-base.h>

// One row per verdict, in the order of the enum: the word for the person panel, then what happened,
// what it means for this person, what to do next and who can help.
static const struct
{
  const char *label;
  const char *title;
  const char *meaning;
  const char *action;
} rows[] = {
  [MD_IDENTITY_VALID] = {
      NC_ ("verdict", "Valid"),
      N_ ("The person's identity is confirmed."),
      N_ ("The card is genuine, its certificate is valid and not revoked, and the card was here."),
      N_ ("Go on to the contents."),
  },
  [MD_IDENTITY_LISTED] = {
      NC_ ("verdict", "Confirmed by the list"),
      N_ ("When it was taken in, the certificate was not on the list of revoked certificates."),
      N_ ("The card is genuine, its certificate was valid, and the card was there. The list is named in the "
          "application; it was too long to be enclosed."),
      N_ ("Go on to the contents."),
  },
  [MD_IDENTITY_DEFERRED] = {
      NC_ ("verdict", "To be confirmed later"),
      N_ ("Whether the certificate is revoked could not be asked now."),
      N_ ("Everything else is right: the card is genuine, valid by its dates, and was here. The application is "
          "marked as not confirmed; the approving officer and the back office see the mark."),
      N_ ("Go on. Compare the photograph on the card with the person with particular care."),
  },
  [MD_IDENTITY_REVOCATION_UNKNOWN] = {
      NC_ ("verdict", "Not confirmed"),
      N_ ("The certificate authority does not know this certificate."),
      N_ ("Its own revocation service says, under its signature, that it knows of no such certificate. The identity "
          "cannot be confirmed with this card."),
      N_ ("Do not use this card for this check. Call the supervisor."),
  },
  [MD_IDENTITY_EXPIRED] = {
      NC_ ("verdict", "Expired"),
      N_ ("The electronic certificate of this card has expired."),
      N_ ("It cannot be used for this check any more. The card itself may still be valid as an identity document: look "
          "at the date on its face."),
      N_ ("The certificate can be renewed at the My Number card counter of this office. For this "
          "application, identify the person in another way."),
  },
  [MD_IDENTITY_NOT_YET_VALID] = {
      NC_ ("verdict", "Not yet valid"),
      N_ ("The electronic certificate of this card is not valid yet."),
      N_ ("Its validity begins at a later date, or the clock of this terminal is wrong."),
      N_ ("Compare the date and time on this screen with a clock. If they are right, identify the "
          "person in another way; if not, ask the administrator."),
  },
  [MD_IDENTITY_REVOKED] = {
      NC_ ("verdict", "Revoked"),
      N_ ("The electronic certificate of this card has been revoked."),
      N_ ("It happens after a loss report, a renewal or a change of the resident record. The identity cannot be confirmed "
          "with this card."),
      N_ ("Ask quietly whether a newer card was issued. If not, call the supervisor."),
  },
  [MD_IDENTITY_SUSPENDED] = {
      NC_ ("verdict", "Suspended"),
      N_ ("The electronic certificate of this card is suspended."),
      N_ ("It is held back for a time, as after the card was reported lost. The identity cannot be confirmed with this "
          "card now."),
      N_ ("Ask quietly whether the card had been reported lost. If it was found again, the suspension is lifted at the My "
          "Number card counter of this office; if not, call the supervisor."),
  },
  [MD_IDENTITY_UNTRUSTED_ISSUER] = {
      NC_ ("verdict", "Unknown issuer"),
      N_ ("The certificate of this card was not issued by the public certification service."),
      N_ ("This is not a genuine My Number card certificate, or this terminal does not know its authority yet."),
      N_ ("Do not use this card. Call the supervisor."),
  },
  [MD_IDENTITY_WRONG_PROFILE] = {
      NC_ ("verdict", "Wrong kind of certificate"),
      N_ ("The certificate of this card is not for confirming identity."),
      N_ ("It was issued for another purpose."),
      N_ ("Do not use this card for this check. Call the supervisor."),
  },
  [MD_IDENTITY_TEST_CARD] = {
      NC_ ("verdict", "Test card"),
      N_ ("This is a test card."),
      N_ ("It belongs to nobody and must not be used for real applications."),
      N_ ("Take the test card away and use the resident's own card."),
  },
  [MD_IDENTITY_BAD_CERTIFICATE] = {
      NC_ ("verdict", "Damaged certificate"),
      N_ ("The certificate of this card is damaged or was altered."),
      N_ ("The signature of the authority on it does not fit."),
      N_ ("Place the card again once. If it happens again, do not use this card; call the supervisor."),
  },
  [MD_IDENTITY_BAD_PROOF] = {
      NC_ ("verdict", "Not genuine"),
      N_ ("The card could not prove that it is the genuine card."),
      N_ ("Its answer does not fit its certificate. The card may be a copy."),
      N_ ("Do not use this card. Call the supervisor."),
  },
  [MD_IDENTITY_BAD_DATA] = {
      NC_ ("verdict", "Data do not fit"),
      N_ ("What was read from the card does not fit its own record."),
      N_ ("The data may have been disturbed while reading, or altered."),
      N_ ("Place the card again once. If it happens again, do not use this card; call the supervisor."),
  },
  [MD_IDENTITY_FACE] = {
      NC_ ("verdict", "Face compared"),
      N_ ("The person's face was compared with the card."),
      N_ ("What the card shows is genuine, and the clerk saw the same person. No PIN was used, so the card's key did not "
          "sign: that the card is no copy, and its last day, rest on the clerk's look at the card itself."),
      N_ ("Go on to the contents."),
  },
  [MD_IDENTITY_FACE_UNSURE] = {
      NC_ ("verdict", "Face not decided"),
      N_ ("The face could not be compared with certainty."),
      N_ ("What the card shows is genuine, but it is not certain that it belongs to the person at the counter."),
      N_ ("Call the supervisor and compare again together, or ask for another identity document."),
  },
  [MD_IDENTITY_FACE_OTHER] = {
      NC_ ("verdict", "Another person"),
      N_ ("The card belongs to another person."),
      N_ ("The clerk saw that the photograph on the card is not of the person at the counter. It was recorded."),
      N_ ("Do not go on with this card. Ask calmly whose card it is and whether the person acts for somebody; call the "
          "supervisor."),
  },
  [MD_IDENTITY_CARD_EXPIRED] = {
      NC_ ("verdict", "Card expired"),
      N_ ("This card is past its last day."),
      N_ ("It is no identity document any more."),
      N_ ("Ask for another identity document. A new card can be applied for at the My Number card "
          "counter of this office."),
  },
  [MD_IDENTITY_DOCUMENTS] = {
      NC_ ("verdict", "Documents compared"),
      N_ ("Who it is was confirmed by documents."),
      N_ ("The clerk saw the documents and compared them with the person. No card was read."),
      N_ ("Go on to the contents."),
  },
  [MD_IDENTITY_DOCUMENTS_SHORT] = {
      NC_ ("verdict", "Documents not enough"),
      N_ ("The documents do not suffice for this procedure."),
      N_ ("What was shown or compared is less than the office's rules ask for."),
      N_ ("Ask for another document, or for the card. If there is none, tell the person what to bring; the supervisor "
          "can help."),
  },
  [MD_IDENTITY_DOCUMENTS_OTHER] = {
      NC_ ("verdict", "Photograph does not fit"),
      N_ ("The photograph on the document could not be matched with the person."),
      N_ ("The clerk saw somebody else on it, or could not tell. It was recorded."),
      N_ ("Do not go on with this document. Ask calmly whose it is; call the supervisor and look again together."),
  },
  [MD_IDENTITY_NOT_REQUIRED] = {
      NC_ ("verdict", "Not needed"),
      N_ ("Nobody was identified: this procedure does not ask for it."),
      N_ ("The office's policy says so. Who brought it was recorded in the clerk's words."),
      N_ ("Go on to the contents."),
  },
};

const char *
md_identity_verdict_get_label (MdIdentityVerdict verdict)
{
  g_return_val_if_fail (verdict < G_N_ELEMENTS (rows), NULL);
  return g_dpgettext2 (NULL, "verdict", rows[verdict].label);
}

MdCardText *
md_identity_text_for_verdict (MdIdentityVerdict verdict)
{
  g_return_val_if_fail (verdict < G_N_ELEMENTS (rows), NULL);
  MdCardText *text
      = md_card_text_new (rows[verdict].title, rows[verdict].meaning, rows[verdict].action);
  text->other_way = md_identity_verdict_get_permission (verdict) == MD_IDENTITY_STOP;
  return text;
}

static void
add_before (char **text, const char *sentence)
{
  char *joined = g_strconcat (sentence, " ", *text, NULL);

  g_free (*text);
  *text = joined;
}

MdCardText *
md_identity_text_for_proof (const MdIdentityProof *proof)
{
  const MdIdentityVerdict verdict = md_identity_proof_get_verdict (proof);
  const char *found = md_verdict_cause_get_message (md_identity_proof_get_cause (proof));
  MdCardText *text = md_identity_text_for_verdict (verdict);

  if (verdict == MD_IDENTITY_WRONG_PROFILE && found != NULL)
    {
      g_free (text->meaning);
      text->meaning = g_strdup (found);
    }
  else if ((verdict == MD_IDENTITY_UNTRUSTED_ISSUER || verdict == MD_IDENTITY_DEFERRED)
           && found != NULL)
    add_before (&text->meaning, found);
  else if (verdict == MD_IDENTITY_REVOKED || verdict == MD_IDENTITY_SUSPENDED)
    {
      g_autofree char *since = md_time_format_tokyo (
          md_identity_proof_get_revocation_time (proof) * G_USEC_PER_SEC, MD_TIME_STYLE_ISO);
      const char *why
          = md_revocation_reason_get_label (md_identity_proof_get_revocation_reason (proof));
      g_autofree char *sentence = g_strdup_printf (gettext (N_ ("Since %s: %s.")), since, why);

      add_before (&text->meaning, sentence);
    }
  return text;
}

// Where this card does not help, something else may.
static MdCardText *
text_with_other_way (const char *title, const char *meaning, const char *action)
{
  MdCardText *text = md_card_text_new (title, meaning, action);
  text->other_way = TRUE;
  return text;
}

MdCardText *
md_identity_text_for_phone (MdTokenKind token)
{
  return text_with_other_way (
      token == MD_TOKEN_IPHONE ? N_ ("What is on the reader is an iPhone, not a card.")
                               : N_ ("What is on the reader is an Android phone, not a card."),
      N_ ("A phone gives electronic certificates only. Name, address, individual number and "
          "photograph cannot be read from it, so it does not tell who the person is. Nothing was "
          "entered, and no try was used."),
      N_ ("Ask for the My Number card itself, and have it put on the reader in place of the phone. "
          "If "
          "the person does not have it here, ask for another identity document."));
}

static MdCardText *
text_for_identity_error (const GError *error)
{
  if (error->code == MD_IDENTITY_ERROR_NUMBER_CHECK || error->code == MD_IDENTITY_ERROR_NUMBER_FORM)
    return text_with_other_way (
        N_ ("The individual number on the card cannot be right."),
        N_ ("Its check digit does not fit. The data may have been disturbed while reading."),
        N_ ("Place the card again once. If it happens again, do not use this card; call the "
            "supervisor."));
  if (error->code == MD_IDENTITY_ERROR_PICTURE)
    return text_with_other_way (
        N_ ("The photograph on the card cannot be shown."),
        N_ ("What the card gave is damaged, or no picture that cards have."),
        N_ ("Place the card again once. If it happens again, compare the face with another "
            "identity "
            "document."));
  return md_card_text_new (N_ ("The identification could not be prepared."),
                           N_ ("Nothing was read from the card."),
                           N_ ("Begin this intake again. If it happens again, ask the "
                               "administrator."));
}

MdCardText *
md_identity_text_for_error (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);
  if (error->domain == MD_IDENTITY_ERROR)
    return text_for_identity_error (error);
  return md_card_text_for_error (error);
}
