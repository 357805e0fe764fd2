/* The table behind catalogue.def; for diag/ only. */
#ifndef DIAG_MESSAGES_H
#define DIAG_MESSAGES_H

#include "diag/diag.h"

struct diag_message {
	str name;
	enum diag_severity severity;
	enum diag_class class;
	str text[2], remedy[2];     /* by enum diag_language */
};

extern const struct diag_message diag_messages[DIAG_N_CODES];

#endif
