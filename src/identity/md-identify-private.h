// SPDX-License-Identifier: Apache-2.0
// Private to src/identity: the flow as it runs on the worker, and the question about revocation
// beside it.
#pragma once

#ifndef MD_IDENTITY_COMPILATION
#error "md-identify-private.h is private to src/identity"
#endif

#include "md-identifier.h"

G_BEGIN_DECLS

// The question about revocation, asked on a thread of its own while the card signs.
typedef struct _MdRevocationQuestion MdRevocationQuestion;

// LOCK serialises the use of REVOCATION, which is one thread's at a time.
MdRevocationQuestion *_md_revocation_question_new (MdRevocation *revocation, GMutex *lock);
MdRevocationQuestion *_md_revocation_question_ref (MdRevocationQuestion *self);
void _md_revocation_question_unref (MdRevocationQuestion *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdRevocationQuestion, _md_revocation_question_unref)

// Begins to ask about the certificate of PATH (VALID), with the nonce that binds the answer to the
// intake. Once.
void _md_revocation_question_ask (MdRevocationQuestion *self, const MdVerdict *path, GBytes *nonce,
                                  gint64 time);

// Waits for the answer. (transfer full)
MdVerdict *_md_revocation_question_wait (MdRevocationQuestion *self);

// Where the steps are told; called on the thread of the flow.
typedef void (*MdIdentityStepFunc) (MdIdentityStep step, MdIdentityStepState state, gpointer data);

// What one run of the flow has: who judges, what is asked for, and who hears of it.
typedef struct
{
  MdTrust *trust;
  MdCardAuthorities *authorities; // NULL: the record's signature is not looked at
  MdClock *clock;
  MdRevocationQuestion *question;
  MdIdentifyRequest request; // a copy
  MdIdentityStepFunc step;   // may be NULL
  gpointer step_data;
  GCancellable *cancellable;
} MdIdentifyRun;

// Who hears of the steps.
typedef struct
{
  MdIdentityStepFunc func;
  gpointer data;
} MdIdentifyListener;

// md_identifier_identify(), whose steps LISTENER (NULL: nobody) is told of.
MdIdentityProof *_md_identifier_identify_telling (MdIdentifier *self, MdCardConnection *connection,
                                                  const MdIdentifyRequest *request,
                                                  const MdIdentifyListener *listener,
                                                  GCancellable *cancellable,
                                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

// One run with REQUEST by what SELF was told; STEP and CANCELLABLE are the caller's to set.
void _md_identifier_prepare (MdIdentifier *self, const MdIdentifyRequest *request,
                             MdIdentifyRun *out_run);
void _md_identify_run_clear (MdIdentifyRun *run);

// Emits "step". Main context.
void _md_identifier_tell (MdIdentifier *self, MdIdentityStep step, MdIdentityStepState state);

// What can be known of CARD before any PIN is typed. (transfer full)
MdCardInspection *_md_identify_inspect_card (MdMyNumberCard *card, GCancellable *cancellable,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Everything that needs the card, in the way that was asked for. The proof that comes back has its
// verdict unless OUT_ASKED: then revocation is being asked, and the card may go. (transfer full)
MdIdentityProof *_md_identify_with_card (const MdIdentifyRun *run, MdCardConnection *connection,
                                         gboolean *out_asked, GError **error);

// The ways of it: by a certificate of the card, with its PIN or password; and by the face, where
// the proof that comes back may await the clerk's answer.
MdIdentityProof *_md_identify_by_pin (const MdIdentifyRun *run, MdCardConnection *connection,
                                      gboolean *out_asked, GError **error);
MdIdentityProof *_md_identify_by_face (const MdIdentifyRun *run, MdCardConnection *connection,
                                       gboolean *out_asked, GError **error);

// What the ways share. Each answers FALSE with ERROR when the card could not be asked.

void _md_identify_tell (const MdIdentifyRun *run, MdIdentityStep step, MdIdentityStepState state);
MdCardVerifyFlags _md_identify_get_flags (const MdIdentifyRun *run, MdCardPin pin);
// Tries left where the card may not have the PIN at all: MD_CARD_TRIES_NONE then.
gboolean _md_identify_ask_tries (MdMyNumberCard *card, MdCardPin pin, int *out_tries,
                                 GCancellable *cancellable, GError **error);
gboolean _md_identify_ask_printed (MdMyNumberCard *card, int *out_front, int *out_back,
                                   GCancellable *cancellable, GError **error);
// What was read against the card's own record of it, and the record against who may sign it.
gboolean _md_identify_check_record (const MdIdentifyRun *run, MdMyNumberCard *card,
                                    MdIdentityProof *proof, GError **error);
// The card's own last day, by the common application: YYYYMMDD with its end, 9 bytes. What
// stands beside it there names this card for good, and is wiped.
gboolean _md_identify_read_last_day (const MdIdentifyRun *run, MdMyNumberCard *card, char *out_day,
                                     GError **error);
// The certificate as it was read from FILE.
gboolean _md_identify_take_certificate (MdIdentityProof *proof, GBytes *der, const char *file,
                                        GError **error);
// Path and profile; begins to ask about revocation when they hold. FALSE: the verdict stops here.
gboolean _md_identify_check_path (const MdIdentifyRun *run, MdIdentityProof *proof);
MdCardInspection *_md_identify_inspect (MdCardConnection *connection, gboolean printed,
                                        GCancellable *cancellable, GError **error);

// The end: adds the answer about revocation. Blocks.
void _md_identify_finish (MdIdentityProof *proof, MdRevocationQuestion *question);

// How the revocation step ended, for the signal.
MdIdentityStepState _md_identify_revocation_state (const MdIdentityProof *proof);

G_END_DECLS
