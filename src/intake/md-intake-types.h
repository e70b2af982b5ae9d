// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _MdDesk MdDesk;
typedef struct _MdLogin MdLogin;
typedef struct _MdIntake MdIntake;
typedef struct _MdApproval MdApproval;
typedef struct _MdReturned MdReturned;
typedef struct _MdDraft MdDraft;
typedef struct _MdStaffPin MdStaffPin;

/* What the terminal can do just now. */
typedef enum
{
  MD_DESK_STARTING,   /* first contact with the service */
  MD_DESK_NO_SERVICE, /* the service does not answer; tried again by itself; "trouble" says more;
                         nothing personal may be shown, the officer's work is kept */
  MD_DESK_LOGGED_OUT, /* login screen */
  MD_DESK_WORKING,    /* an officer is at work */
  MD_DESK_LOCKED,     /* the session waits for its officer; nothing personal may be shown */
} MdDeskState;

typedef enum
{
  MD_LINE_ONLINE,    /* 通信中 */
  MD_LINE_OFFLINE,   /* 回線断 - 受付は続けられます */
  MD_LINE_ATTENTION, /* 要対応: "line-detail" says what */
} MdLineState;

typedef enum
{
  MD_LOGIN_WAIT_READER,   /* no reader for the staff card, or no card service: "trouble" */
  MD_LOGIN_WAIT_CARD,     /* 職員カードを置いてください */
  MD_LOGIN_WAIT_READING,  /* the card is being read: do not move it */
  MD_LOGIN_WAIT_PASSWORD, /* "staff-name" is known; the password field has the focus */
  MD_LOGIN_WAIT_CHECKING, /* card signs, service checks */
  MD_LOGIN_WAIT_DONE,
} MdLoginWait;

typedef enum
{
  MD_STEP_OF_PROCEDURE, /* 手続き */
  MD_STEP_OF_IDENTIFY,  /* 本人確認 */
  MD_STEP_OF_CONTENT,   /* 内容 */
  MD_STEP_OF_CONFIRM,   /* 確認 */
  MD_STEP_OF_DONE,      /* 完了 */
  MD_N_INTAKE_STEPS
} MdIntakeStep;

/* What an intake waits for. In brackets: the step it occurs in, and what the screen shows. */
typedef enum
{
  MD_WAIT_PROCEDURE, /* [procedure] search and list of procedures: md_intake_choose_async() */
  MD_WAIT_RESERVING, /* [procedure] the service issues the number; a moment */
  MD_WAIT_NOTICE,    /* [identify] purpose text to explain; one button "explained, agreed":
                        md_intake_acknowledge_notice() */
  MD_WAIT_READER,    /* [identify] no reader or card service: "trouble"; goes on by itself when it
                        comes */
  MD_WAIT_CARD,      /* [identify] カードを置いてください, with the picture */
  MD_WAIT_INSPECTING, /* [identify] カードを動かさないでください; the tries are being asked */
  MD_WAIT_PIN,        /* [identify] both PIN entries with "tries-text", "tries-auth":
                         md_intake_identify_async() */
  MD_WAIT_FACE_ENTRY, /* [identify] no PIN can be used: what is printed on the card opens its face:
                         md_intake_open_face_async() */
  MD_WAIT_FACE,       /* [identify] the card's face is shown: md_intake_answer_face() */
  MD_WAIT_READING, /* [identify] カードを動かさないでください; "checks" tick one by one; may be
                      cancelled */
  MD_WAIT_REFUSED, /* [identify] "trouble" stops this card or person: take the card away and try
                      again, or end the intake */
  MD_WAIT_FIELDS, /* [content] fields are missing or wrong: md_form_data_get_missing() / _findings()
                   */
  MD_WAIT_STAFF_PIN,  /* [confirm] the staff card's PIN: md_intake_submit_async() */
  MD_WAIT_STAFF_CARD, /* [confirm] the clerk's own card has to be put back (the desk locks at the
                         same time) */
  MD_WAIT_SEALING,    /* [confirm] sealing and signing: do not move the staff card */
  MD_WAIT_SENDING,    /* [confirm] handing the container to the service */
  MD_WAIT_RETRY,      /* [confirm] sealed, but the service did not take it: "trouble";
                         md_intake_submit_async() again */
  MD_WAIT_TAKE_CARD, /* [done] the resident's card still lies there: カードをお返しください */
  MD_WAIT_FILER, /* [identify] no card is read: who files, and why there is no card; this and the
                    next two: md_intake_take_papers() */
  MD_WAIT_DOCUMENTS, /* [identify] which documents were shown */
  MD_WAIT_COMPARE,   /* [identify] what the clerk compared */
  MD_WAIT_BROUGHT,   /* [identify] nobody is identified for this procedure: who brought it,
                        md_intake_take_brought() */
  MD_WAIT_HELD, /* [identify, content, confirm] something stops it, and nothing else can be done:
                   md_intake_call_supervisor(), md_intake_release_async(), or end it */
  MD_WAIT_RELEASING, /* [the same] the supervisor's card signs: do not move it */
  MD_WAIT_AWAY, /* [identify, content, confirm] the resident's card was lifted: all is covered, and
                   erased when "away-left" is over; it goes on by itself when the card is back */
  MD_WAIT_NOTHING, /* [identify, content] all that is needed is there: advance; [done] 次の方へ */
} MdIntakeWait;

/* What became of the resident's card that lay there when the person was identified. */
typedef enum
{
  MD_AWAY_NOT,     /* it lies there; or there was none, or nothing of it is left */
  MD_AWAY_LIFTED,  /* the reader is empty */
  MD_AWAY_READER,  /* the reader is gone */
  MD_AWAY_SERVICE, /* the card service is */
  MD_AWAY_LOOKING, /* a card lies there, and is asked whether it is the same */
  MD_AWAY_OTHER,   /* it is another one */
  MD_AWAY_UNSURE,  /* it does not say */
  MD_N_AWAY
} MdIntakeAway;

typedef enum
{
  MD_APPROVAL_WAIT_LOADING,  /* the container comes from the service and its signature is checked */
  MD_APPROVAL_WAIT_PIN,      /* the officer's PIN, to open it: md_approval_open_async() */
  MD_APPROVAL_WAIT_OPENING,  /* the card opens the parts */
  MD_APPROVAL_WAIT_DECISION, /* comparison, checks and content are shown: md_approval_decide_async()
                              */
  MD_APPROVAL_WAIT_SIGNING,  /* the card signs the decision */
  MD_APPROVAL_WAIT_SENDING,
  MD_APPROVAL_WAIT_UNFIT,   /* what was sealed does not fit together (md_approval_get_finding()), so
                               that it cannot be approved: the PIN, to return it to the clerk with the
                               one reason that says so, md_approval_decide_async(); or closing */
  MD_APPROVAL_WAIT_REFUSED, /* "trouble": this officer may not, or it cannot be had here; only
                               closing is left, and md_approval_confirm_unread() where
                               md_approval_is_unread() */
  MD_APPROVAL_WAIT_DONE,    /* decided: "outcome" */
} MdApprovalWait;

typedef enum
{
  MD_RETURNED_WAIT_LOADING, /* it comes from the service, and the signatures are checked */
  MD_RETURNED_WAIT_CHOICE,  /* why it came back is shown: md_desk_take_up(), or a reason and the PIN
                               for md_returned_withdraw_async() */
  MD_RETURNED_WAIT_SIGNING, /* the card signs the withdrawal */
  MD_RETURNED_WAIT_SENDING,
  MD_RETURNED_WAIT_REFUSED, /* "trouble": it is not here, or not intact; only closing is left */
  MD_RETURNED_WAIT_DONE,    /* withdrawn */
} MdReturnedWait;

/* What can be done about the PIN of the officer's card. */
typedef enum
{
  MD_STAFF_PIN_UNKNOWN,  /* nothing has asked for it */
  MD_STAFF_PIN_LOOKING,  /* the card is being asked; a moment */
  MD_STAFF_PIN_READY,    /* it may be typed, at the keypad if "pad" */
  MD_STAFF_PIN_DOUBTFUL, /* the next try may be the last: md_staff_pin_confirm() first */
  MD_STAFF_PIN_LOCKED,   /* none is left: "trouble" */
} MdStaffPinState;

typedef enum
{
  MD_CHECK_WAITING, /* not begun */
  MD_CHECK_RUNNING,
  MD_CHECK_PASSED,   /* 有効 / 一致 */
  MD_CHECK_DEFERRED, /* goes on, to be settled later: amber */
  MD_CHECK_REFUSED,  /* stops: red */
  MD_CHECK_SKIPPED,  /* does not apply here */
} MdCheckState;

typedef enum
{
  MD_INTAKE_ERROR_WRONG_STEP,   /* called when it cannot be done (the screen offered too much) */
  MD_INTAKE_ERROR_REFUSED,      /* a rule refuses; "trouble" has the words */
  MD_INTAKE_ERROR_INCOMPLETE,   /* the content is not valid; md_form_data_get_findings() */
  MD_INTAKE_ERROR_UNAVAILABLE,  /* the service or the card cannot do it just now */
  MD_INTAKE_ERROR_DAMAGED,      /* a container or its parts do not fit together */
  MD_INTAKE_ERROR_FOREIGN_CARD, /* the card on the staff reader is not the officer's own */
} MdIntakeError;

#define MD_INTAKE_ERROR (md_intake_error_quark ())
GQuark md_intake_error_quark (void);

G_END_DECLS
