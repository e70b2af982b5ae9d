// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "models.h"

#define TEXT NULL
#define FLAG counter_type_flag
#define COUNT counter_type_count
#define LIST counter_type_list
#define OBJECT counter_type_object
#define STRINGS counter_type_strings

static const CounterProperty desk_table[] = {
  { "office", TEXT },
  { "counter", TEXT },
  { "test-note", TEXT }, /* "" in production */
  { "clerk", TEXT },
  { "role", TEXT },
  { "line-state", TEXT }, /* ok, deferred, stop */
  { "line-word", TEXT },
  { "line-icon", TEXT },
  { "line-detail", TEXT }, /* for the help desk */
  { "line-notice", TEXT }, /* when the line is not as it should be */
  { "date", TEXT },
  { "clock", TEXT },
  { "today", COUNT },
  { "waiting", COUNT },
  { "returned", COUNT },
  { "unsent", COUNT },
  { "pages", STRINGS },      /* those of the rail that the role may use */
  { "can-intake", FLAG },    /* the role takes applications in */
  { "intake-open", FLAG },   /* an intake is under way */
  { "resume-text", TEXT },   /* "Carry on with ..." */
  { "intakes", LIST },       /* CounterRowItem */
  { "returned-note", TEXT }, /* "2 applications came back", or "" */
  { "drafts", LIST },        /* CounterRowItem: suspended intakes */
  { "draft-count", COUNT },
  { "queue", LIST }, /* CounterRowItem */
  { "queue-count", COUNT },
  { "confirmations", LIST }, /* CounterRowItem; hidden where nothing is to be confirmed */
  { "confirmation-count", COUNT },
  { "confirmation-open", COUNT }, /* of them, those that nobody has confirmed */
  { "confirmation-word", TEXT },
  { "confirmation-state", TEXT },
  { "log", LIST }, /* CounterRowItem */
  { "log-count", COUNT },
  { "log-note", TEXT }, /* what the last check of the log said */
  { "log-state", TEXT },
  { "readers", LIST }, /* CounterReaderItem */
  { "readers-note", TEXT },
  { "doctor", LIST },      /* CounterRowItem: what was found at fault with them */
  { "doctor-note", TEXT }, /* above it */
  { "can-save-report", FLAG },
  { "report-note", TEXT }, /* what became of it */
};

static const CounterProperty login_table[] = {
  { "icon", TEXT },           { "state", TEXT },       /* wait, ok, deferred, stop */
  { "headline", TEXT },                                /* one sentence: what to do now */
  { "advice", TEXT },         { "error", TEXT },       /* under the password */
  { "detail", TEXT },                                  /* for the help desk */
  { "waits", TEXT },                                   /* what it waits for; "" when it does not */
  { "staff", TEXT },          { "locked-note", TEXT }, /* "The screen is locked. ..." */
  { "can-type", FLAG },       { "office", TEXT },      { "counter", TEXT },
  { "test-note", TEXT },      { "clock", TEXT },       { "readers", LIST }, /* CounterReaderItem */
  { "offers-readers", FLAG }, /* whom they are for can be chosen */
  { "wants-reader", FLAG },   /* and none is for the staff card */
  { "readers-open", FLAG },   /* they are shown; until somebody has logged in */
};

static const CounterProperty intake_table[] = {
  { "step", TEXT }, /* procedure, identify, content, confirm, done */
  { "furthest", TEXT },
  { "finished", FLAG }, /* nothing of it can be ended any more */
  { "waits", TEXT },
  { "cancel-action", TEXT }, /* "" where it cannot be cancelled */
  { "note", TEXT },          /* left of the primary act */
  { "note-state", TEXT },
  { "back-text", TEXT },
  { "primary-text", TEXT },
  { "primary-action", TEXT },
  { "procedures", LIST },
  /* 手続きナビ: rows are CounterRowItem, questions CounterQuestionItem. */
  { "guide-open", FLAG },
  { "events", LIST },
  { "event", TEXT },
  { "event-title", TEXT },
  { "questions", LIST },
  { "due", LIST },
  { "has-due", FLAG },
  { "due-elsewhere", LIST },
  { "has-due-elsewhere", FLAG },
  /* Several procedures for one person. */
  { "visit", LIST }, /* CounterRowItem: the plan */
  { "has-visit", FLAG },
  { "can-join", FLAG },   /* one slip for all of it can be printed */
  { "visit-left", FLAG }, /* after this one something comes next */
  { "visit-text", TEXT }, /* how far it is, or "" */
  { "procedure", TEXT },
  { "procedure-title", TEXT },
  { "receipt-number", TEXT },
  { "replaces-text", TEXT }, /* "Takes 001-... up again", or "" */
  /* The person in front of the clerk, as the privacy filter lets this role see them. */
  { "person-known", FLAG },
  { "filed-by", TEXT }, /* who is at the counter in the person's place, or "" */
  { "name", TEXT },
  { "kana", TEXT },
  { "birth", TEXT },
  { "sex", TEXT },
  { "address", TEXT },
  { "number", TEXT },
  { "can-reveal", FLAG }, /* the whole number, with a reason */
  { "method", TEXT },
  { "method-state", TEXT },
  { "checks", LIST },
  { "warnings", LIST },
  { "nobody", FLAG }, /* nothing of it stands beside the step */
  /* The resident's card is not on the reader: nothing of the person is in this model. */
  { "away", FLAG },
  { "away-left", TEXT },
  /* Stopped: nothing here may tell a person at the counter why. */
  { "can-suspend", FLAG },
  { "can-stop", FLAG },
  { "held", FLAG },
  { "held-called", FLAG },  /* the supervisor is here */
  { "held-reasons", LIST }, /* CounterRowItem */
  { "held-reason", TEXT },
  { "held-what", TEXT }, /* shown only while the clerk asks for it, as the next */
  { "held-duty", TEXT },
  { "held-address", TEXT },
  { "held-error", TEXT },
  /* Identification. */
  { "icon", TEXT },
  { "headline", TEXT },
  { "advice", TEXT },
  { "identify-state", TEXT },
  { "expiry-title", TEXT }, /* identified, but the card ends soon */
  { "expiry-text", TEXT },
  { "tries", TEXT },
  { "wants-pin", FLAG },
  { "offers-screen-keys", FLAG }, /* the reader has keys, the screen may take over */
  { "pin-purpose", TEXT },        /* what the pad asks for now: text-pin, auth-pin, sign-password */
  { "pin-letters", FLAG },        /* it is the password */
  { "offers-signature", FLAG },   /* the signature certificate may stand in for the second PIN */
  { "pin-step", TEXT },
  { "pin-title", TEXT },
  { "tries-state", TEXT },
  /* Without a PIN. */
  { "offers-face", FLAG }, /* the card's face may stand in for the PINs */
  { "offers-pins", FLAG }, /* and back */
  { "face-stage", TEXT },  /* entry, reading (the entry stays), view, or "" */
  { "face-front", FLAG },  /* what is printed there can be used */
  { "face-front-tries", TEXT },
  { "face-front-tries-state", TEXT },
  { "face-back", FLAG },
  { "face-back-tries", TEXT },
  { "face-back-tries-state", TEXT },
  { "face-photo", OBJECT }, /* GdkPaintable, while the clerk looks */
  { "face-name", OBJECT },
  { "face-address", OBJECT },
  { "face-expiry", TEXT },
  { "face-answer", TEXT }, /* same, other, unsure */
  /* Where nobody is identified. */
  { "brought-asked", FLAG },
  { "brought-kinds", LIST }, /* CounterRowItem: who may bring it */
  { "brought-by", TEXT },
  { "brought-asks-name", FLAG }, /* of an institution or a section */
  { "brought-name", TEXT },
  { "brought-why", TEXT },     /* nobody is identified: what says so */
  { "brought-purpose", TEXT }, /* what the data are used for */
  { "brought-says", TEXT },    /* what is missing; what to do */
  { "brought-does", TEXT },
  /* Without a card. */
  { "papers-offer", TEXT },  /* the way there, or "" */
  { "identify-wide", FLAG }, /* nothing stands beside what is asked */
  { "papers-stage", TEXT },  /* filer, documents, compare, or "" */
  { "offers-post", FLAG },
  { "papers-post", FLAG },     /* it came by post */
  { "papers-received", TEXT }, /* on this day */
  { "papers-informed", FLAG }, /* and says what the data are used for */
  { "papers-who", TEXT },      /* above the next list */
  { "papers-filers", LIST },   /* CounterRowItem, as all of these */
  { "papers-filer", TEXT },
  { "papers-asks-reason", FLAG },
  { "papers-reasons", LIST },
  { "papers-reason", TEXT },
  { "papers-authority", TEXT }, /* the paper that is needed, or "" */
  { "papers-issued", TEXT },
  { "papers-shown", TEXT }, /* above the first of these */
  { "papers-kinds", LIST },
  { "papers-more-kinds", LIST },
  { "papers-kind-1", TEXT },
  { "papers-last-1", TEXT },
  { "papers-expiry-1", TEXT },
  { "papers-kind-2", TEXT },
  { "papers-last-2", TEXT },
  { "papers-expiry-2", TEXT },
  { "papers-card", FLAG }, /* the filer's own card will do, too */
  { "papers-asks-number", FLAG },
  { "papers-number-kinds", LIST },
  { "papers-number", TEXT },
  { "papers-asks-photo", FLAG },
  { "papers-photo", TEXT },    /* same, other, unsure */
  { "papers-compared", TEXT }, /* "name birth " */
  { "papers-reach", TEXT },    /* what it comes to so far */
  { "papers-state", TEXT },
  { "papers-says", TEXT }, /* what is missing; why; what to do */
  { "papers-means", TEXT },
  { "papers-does", TEXT },
  { "failed", FLAG },
  { "fail-means", TEXT },
  { "fail-next", TEXT },
  { "fail-detail", TEXT },
  { "unkept-title", TEXT }, /* what was typed would not survive a crash; why, and what to do */
  { "unkept-text", TEXT },
  /* Content. */
  { "form", OBJECT },      /* MdFormData */
  { "scan-folder", FLAG }, /* the scanner writes where the terminal can take it from */
  { "scans-word", TEXT },  /* how many scans, how large, what is allowed */
  { "jump", TEXT },        /* id of the field to go to */
  { "stopped", FLAG },     /* the clerk asked to go on, and something keeps the form from it */
  { "left-out", TEXT },    /* what has to be entered again, of an intake that was suspended */
  /* Confirmation. */
  { "confirm-head", TEXT },
  { "readout", LIST },
  { "comparison", LIST },      /* CounterCompareItem: the form says otherwise than the card */
  { "comparison-word", TEXT }, /* how many, or "" */
  { "letter", LIST },          /* CounterRowItem: of the letter of delegation */
  { "letter-word", TEXT },     /* its head, or "" */
  { "cautions", TEXT },        /* what the form only warns of, a line each */
  { "sign-headline", TEXT },
  { "sign-advice", TEXT },
  { "sign-error", TEXT },
  { "wants-sign-pin", FLAG },
  { "staff-pin", OBJECT }, /* CounterStaffPinModel, always the same */
  /* Done. */
  { "done-headline", TEXT },
  { "done-next", LIST },
};

static const CounterProperty approval_table[] = {
  { "stage", TEXT },  /* list, unlock, open, done */
  { "list", LIST },   /* CounterRowItem */
  { "count", COUNT }, /* of it */
  { "intake", TEXT },        { "receipt-number", TEXT }, { "procedure-title", TEXT },
  { "taken-by", TEXT },      { "icon", TEXT },           { "headline", TEXT },
  { "advice", TEXT },        { "state", TEXT },          { "waits", TEXT },
  { "cancel-action", TEXT }, { "error", TEXT },       /* beside the PIN pad */
  { "wants-pin", FLAG },     { "staff-pin", OBJECT }, /* as above */
  { "compare", LIST },                                /* CounterCompareItem */
  { "compare-word", TEXT },  { "compare-state", TEXT },  { "checks", LIST }, /* CounterRowItem */
  { "contents", LIST }, /* CounterCompareItem */
  { "scans", LIST },    /* CounterCompareItem: what was scanned, and what was looked at */
  { "decision", TEXT }, /* approve (or check), return, reject */
  { "reasons", LIST },  /* CounterRowItem: id, title */
  { "reason", TEXT },        { "primary-text", TEXT },   { "primary-action", TEXT },
  { "back-text", TEXT },     { "cannot-approve", FLAG }, /* differences are not ticked yet */
  { "tick-note", TEXT },                                 /* which says so, or "" */
  { "agree-text", TEXT },    { "officers-note", TEXT },  /* where two officers have to agree */
  { "unread", FLAG },                                    /* it can be returned all the same */
};

static const CounterProperty returned_table[] = {
  { "stage", TEXT },  /* list, one */
  { "list", LIST },   /* CounterRowItem */
  { "count", COUNT }, /* of it */
  { "receipt-number", TEXT },
  { "procedure-title", TEXT },
  { "taken-by", TEXT },
  { "icon", TEXT },
  { "headline", TEXT },
  { "advice", TEXT },
  { "state", TEXT },
  { "reason", TEXT }, /* why it came back; chosen-reason: why it is
                         withdrawn or restored */
  { "what-to-do", TEXT },
  { "returned-by", TEXT },
  { "lines", TEXT }, /* what a notice of the back office is about */
  { "can-choose", FLAG },
  { "can-withdraw", FLAG },
  { "can-restore", FLAG },
  { "can-acknowledge", FLAG },
  { "settling", FLAG },
  { "settle-title", TEXT },
  { "settle-note", TEXT },
  { "reasons", LIST }, /* CounterRowItem: id,
                          title */
  { "chosen-reason", TEXT },
  { "wants-pin", FLAG },
  { "staff-pin", OBJECT }, /* as above */
  { "error", TEXT },       /* beside the PIN pad */
  { "waits", TEXT },
  { "cancel-action", TEXT },
  { "primary-text", TEXT },
  { "primary-action", TEXT },
  { "back-text", TEXT },
};

static const CounterProperty draft_table[] = {
  { "procedure-title", TEXT }, { "clerk", TEXT },          { "begun", TEXT },
  { "kept-until", TEXT },      { "icon", TEXT },           { "state", TEXT },
  { "headline", TEXT },        { "advice", TEXT },         { "wants-pin", FLAG },
  { "staff-pin", OBJECT }, /* as above */
  { "error", TEXT },       /* beside the PIN pad */
  { "can-erase", FLAG },       { "waits", TEXT },          { "cancel-action", TEXT },
  { "primary-text", TEXT },    { "primary-action", TEXT }, { "back-text", TEXT },
};

static const CounterProperty staff_pin_table[] = {
  { "mode", TEXT },     /* "": the keys are shown; in their place: looking, pad, question, locked */
  { "headline", TEXT }, /* what to do first, or "" */
  { "advice", TEXT },      { "tries", TEXT }, /* left, or "" */
  { "tries-state", TEXT },
};

static const CounterProperty row_table[] = {
  { "id", TEXT },
  { "lead", TEXT },
  { "title", TEXT },
  { "subtitle", TEXT },
  { "state", TEXT },
  { "word", TEXT },
  { "time", TEXT },
  { "hidden", FLAG },
  { "ticked", FLAG },
  /* Of the guide: what can be ticked as explained and handed out. */
  { "about", TEXT },
  { "told", FLAG },
  { "given", FLAG },
};

static const CounterProperty question_table[] = {
  { "id", TEXT },
  { "title", TEXT },
  { "answer", TEXT },  /* the id of a choice, or "" */
  { "choices", LIST }, /* CounterRowItem: id, title */
};

static const CounterProperty reader_table[] = {
  { "name", TEXT },  { "note", TEXT },       { "state", TEXT },
  { "word", TEXT },  { "role", TEXT }, /* resident, staff, both, none, ""; set by the person who
                                        * chooses
                                        */
  { "fixed", FLAG }, { "can-choose", FLAG },
};

static const CounterProperty compare_table[] = {
  { "heading", TEXT },  { "label", TEXT },  { "left", TEXT }, { "right", TEXT },
  { "state", TEXT },    { "word", TEXT },   { "id", TEXT }, /* of the field */
  { "external", TEXT }, /* of its characters, those that the back office does not have */
  { "tick", TEXT },     /* what the officer ticks of it; "" where nothing is to be ticked */
  { "ticked", FLAG },   { "reveal", TEXT }, /* the act that shows it whole, of "id"; "" where
                                               nothing is hidden */
};

COUNTER_DEFINE_MODEL (DeskModel, desk_model, desk_table)
COUNTER_DEFINE_MODEL (LoginModel, login_model, login_table)
COUNTER_DEFINE_MODEL (IntakeModel, intake_model, intake_table)
COUNTER_DEFINE_MODEL (ApprovalModel, approval_model, approval_table)
COUNTER_DEFINE_MODEL (ReturnedModel, returned_model, returned_table)
COUNTER_DEFINE_MODEL (DraftModel, draft_model, draft_table)
COUNTER_DEFINE_MODEL (StaffPinModel, staff_pin_model, staff_pin_table)
COUNTER_DEFINE_MODEL (RowItem, row_item, row_table)
COUNTER_DEFINE_MODEL (QuestionItem, question_item, question_table)
COUNTER_DEFINE_MODEL (ReaderItem, reader_item, reader_table)
COUNTER_DEFINE_MODEL (CompareItem, compare_item, compare_table)
