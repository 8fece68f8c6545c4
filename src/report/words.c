/* SPDX-License-Identifier: MIT */
/* The fixed words of reports: severities, states, verdicts, phases. */
#include "report/words.h"

static const char *const severities[] = { "info", "warning", "strong", "error", "severe",
	"critical" };

static const char *const statuses[] = { "INACTIVE", "STARTING", "RUNNING", "PROBLEM", "ABORTED",
	"DONE" };

static const struct {
	const char *word, *phrase;
	enum nm_status status; /* when the host gave no final one */
} verdicts[NM_VERDICTS] = {
	[NM_VERDICT_DONE] = { "done", "finished", NM_STATUS_DONE },
	[NM_VERDICT_RETURNED_FALSE] = { "returned_false", "returned FALSE", NM_STATUS_PROBLEM },
	[NM_VERDICT_REFUSED] = { "refused", "refused to register", NM_STATUS_ABORTED },
	[NM_VERDICT_LOAD_FAILED] = { "load_failed", "could not be loaded", NM_STATUS_ABORTED },
	[NM_VERDICT_CRASHED] = { "crashed", "crashed", NM_STATUS_ABORTED },
	[NM_VERDICT_EXITED] = { "exited", "ended its process early", NM_STATUS_ABORTED },
	[NM_VERDICT_TIMED_OUT] = { "timed_out", "ran out of time", NM_STATUS_ABORTED },
	[NM_VERDICT_ABORTED] = { "aborted", "was stopped by the user", NM_STATUS_ABORTED },
	[NM_VERDICT_EVENT_LIMIT] = { "event_limit", "reached the limit of events",
	    NM_STATUS_ABORTED },
	[NM_VERDICT_OUT_OF_MEMORY] = { "out_of_memory", "ran out of memory", NM_STATUS_ABORTED },
	[NM_VERDICT_LIMIT] = { "limit", "went over a limit", NM_STATUS_ABORTED },
	[NM_VERDICT_SANDBOX] = { "sandbox_violation", "tried what the sandbox forbids",
	    NM_STATUS_ABORTED },
	[NM_VERDICT_BROKE_PROTOCOL] = { "broke_protocol", "sent what no expert sends",
	    NM_STATUS_ABORTED },
	[NM_VERDICT_HOST_FAILED] = { "host_failed", "could not be run any further",
	    NM_STATUS_ABORTED },
};

static const struct {
	const char *word, *phrase;
} phases[NM_PHASES] = {
	[NM_PHASE_START] = { "start", "before it was loaded" },
	[NM_PHASE_LOAD] = { "load", "while loading" },
	[NM_PHASE_REGISTER] = { "Register", "in Register" },
	[NM_PHASE_CONFIGURE] = { "Configure", "in Configure" },
	[NM_PHASE_RUN] = { "Run", "in Run" },
	[NM_PHASE_AFTER] = { "after Run", "after Run" },
};

/* By PROP_TYPE_*. */
static const char *const types[] = { "none", "summary", "uint8", "uint16", "uint32", "uint64",
	"mac", "time", "text", "ipv4", "ipx", "uint16", "uint32", "text", "bytes", "heading",
	"text", "text", "token ring", "fddi", "mac", "oid", "vines", "uint", "atm", "1394",
	"ipv6" };

const char *nm_property_type_word(uint32_t type)
{
	return type < sizeof types / sizeof types[0] ? types[type] : NULL;
}

const char *nm_severity_word(uint32_t severity)
{
	return severity < sizeof severities / sizeof severities[0] ? severities[severity] : NULL;
}

const char *nm_status_word(uint32_t status)
{
	return status < sizeof statuses / sizeof statuses[0] ? statuses[status] : NULL;
}

const char *nm_verdict_word(enum nm_verdict v)
{
	return (unsigned)v < NM_VERDICTS ? verdicts[v].word : "unknown";
}

const char *nm_verdict_phrase(enum nm_verdict v)
{
	return (unsigned)v < NM_VERDICTS ? verdicts[v].phrase : "ended in an unknown way";
}

const char *nm_phase_word(enum nm_phase p)
{
	return (unsigned)p < NM_PHASES ? phases[p].word : "unknown";
}

const char *nm_phase_phrase(enum nm_phase p)
{
	return (unsigned)p < NM_PHASES ? phases[p].phrase : "at an unknown place";
}

const char *nm_end_state(const struct nm_expert_end *end)
{
	uint32_t status = end->status;

	if (status < NM_STATUS_PROBLEM || status > NM_STATUS_DONE)
		status = (unsigned)end->verdict < NM_VERDICTS ? verdicts[end->verdict].status
							      : NM_STATUS_ABORTED;
	if (status == NM_STATUS_DONE && end->verdict != NM_VERDICT_DONE)
		status = NM_STATUS_ABORTED; /* an expert may say DONE and crash after it */
	return statuses[status];
}

unsigned nm_coverage_tenths(const struct nm_expert_end *end)
{
	uint64_t seen = end->frames_seen, total = end->frames_total, tenths;

	if (total == 0 || seen >= total)
		return 1000;
	tenths = (seen * 1000 + total / 2) / total;
	if (tenths == 0 && seen)
		return 1;
	return tenths > 999 ? 999 : (unsigned)tenths;
}
