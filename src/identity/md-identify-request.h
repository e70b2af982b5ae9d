// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-presence.h"
#include <md-base.h>
#include <md-card.h>

G_BEGIN_DECLS

// How the card is opened. Each way excludes the others.
typedef enum
{
  MD_IDENTIFY_BY_PIN,       // by PINs that were typed here
  MD_IDENTIFY_AT_PAD,       // by the same two, which are typed at the reader's keypad
  MD_IDENTIFY_BY_SIGNATURE, // by the password of the signature certificate, which was typed here
  MD_IDENTIFY_BY_FACE,      // without a PIN: by what is printed on the card
} MdIdentifyWay;

// One PIN's bit among those whose last try was confirmed: one never stands for another.
#define MD_IDENTIFY_CONFIRMS(pin) (1u << (pin))
// The same among those that are certain although the card may have refused them before: AGAIN of
// the bits above.
#define MD_IDENTIFY_AGAIN(bits) ((bits) << 16)
#define MD_IDENTIFY_CONFIRMS_AGAIN(pin) MD_IDENTIFY_AGAIN (MD_IDENTIFY_CONFIRMS (pin))

// What to do with a card. Holds a reference of everything that it points to, once it is a copy.
typedef struct
{
  MdIdentifyWay way;
  union // what opens the card; AT_PAD has nothing here
  {
    struct
    {
      MdSecret *text; // NULL: read neither attributes nor number
      MdSecret *auth;
    } pin; // BY_PIN
    struct
    {
      MdSecret *text; // NULL: as above
      MdSecret *password;
    } signature; // BY_SIGNATURE
    struct
    {
      MdSecret *front; // 照合番号B: the face and, as text, the attributes
      MdSecret *back;  // 照合番号A: the face and the number
    } face;            // BY_FACE; one of them may be NULL
  };
  MdPresenceChallenge *challenge;
  gboolean key_alone;   // AT_PAD: only the PIN of the key, as without a text PIN BY_PIN
  gboolean read_number; // BY_FACE: whether BACK is there says it
  guint confirmed; // MD_IDENTIFY_CONFIRMS() of each PIN of which the resident knows that this is
                   // the last try, or may be it; and MD_IDENTIFY_CONFIRMS_AGAIN()
  guint renewal_months; // a certificate that ends within so many: the card is asked for its own
                        // last day, too (md-identity-expiry.h)
} MdIdentifyRequest;

// OUT_COPY (transfer full: md_identify_request_clear()) may outlive what SELF borrows.
void md_identify_request_copy (const MdIdentifyRequest *self, MdIdentifyRequest *out_copy);
void md_identify_request_clear (MdIdentifyRequest *self);

// What was typed, or read off the card, has been used: wipes it, as far as SELF holds it.
void md_identify_request_forget (MdIdentifyRequest *self);

// What was typed for PIN; NULL where its way does not ask for it, or nothing was (transfer none).
MdSecret *md_identify_request_get_pin (const MdIdentifyRequest *self, MdCardPin pin);

// Whether it has what its way needs.
gboolean md_identify_request_is_whole (const MdIdentifyRequest *self);

G_END_DECLS
