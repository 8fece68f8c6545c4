# SPDX-License-Identifier: MIT
# Shared by the tests of hostile experts: how each misdeed ends, and what a report says of it.

EVENT_LIMIT=500 # of the flood of events

# MISDEED VERDICT [SIGNAL]: how it ends, in every phase.
table() {
	cat <<-'ROWS'
		nullwrite crashed 11
		abort crashed 6
		smash crashed 6
		exit0 exited
		_exit0 exited
		loop timed_out
		loopapi timed_out
		sleep timed_out
		deaf timed_out
		stopself timed_out
		killself crashed 9
		stackoverflow crashed 11
		nullcall crashed 11
		divide crashed 8
		threadcrash crashed 11
		threadstays done
		doublefree done
		foreignfree done
		overrun done
		heaphog done
		memoryhog done
		millionevents event_limit
		hugeevent done
		wildevent crashed 11
		wildcolumns done
		percent250 done
		forkchild sandbox_violation 31
		forkbomb sandbox_violation 31
		forktwice sandbox_violation 31
		killparent sandbox_violation 31
		killgroup sandbox_violation 31
		garbagefds sandbox_violation 31
		closefds exited
		exec sandbox_violation 31
		openwrite sandbox_violation 31
		socket sandbox_violation 31
		useafterfree done
		leak done
		hugealloc done
		millionallocs done
		nulleverything done
		madeupkeys done
		keptkey done
		wrongtypes done
		locale done
		fpumode done
		folder done
		sigmask done
		sigmaskloop timed_out
		ignoreall done
		ignorecrash crashed 11
		handlecrash timed_out
	ROWS
}

# Misdeeds that only Windows has. MISDEED[-PHASE] VERDICT SIGNAL EXCEPTION; what a broken heap
# brings about is chance, and whether memory is left to end a thread.
windows_alone() {
	cat <<-'ROWS'
		exitprocess exited null
		terminateself exited null
		exitthread timed_out null
		realdivide crashed 8 0xc0000094
		illegal crashed 4 0xc000001d
		privileged crashed 4 0xc0000096
		breakpoint crashed 5 0x80000003
		ownexception-load load_failed null
		ownexception-unload done null
		ownexception crashed 6 0xe0001234
		nofilter crashed 11 0xc0000005
		ownfilter crashed 11 0xc0000005
		endlessfilter crashed 11 0xc0000005
		exitfilter crashed 11 0xc0000005
		onlookers crashed 11 0xc0000005
		beside-load timed_out null
		beside crashed 11 0xc0000005
		overflowbeside crashed 11 0xc00000fd
		smallstack crashed 11 0xc00000fd
		threadflood limit null
		virtualhog-load out_of_memory null
		virtualhog done|exited null
		reservehog-load out_of_memory null
		reservehog done null
		freetwice done null
		wildfree done null
		pastheap crashed|timed_out|done 11|null
		freehost done null
		freeself crashed 11 0xc0000005
		statuspage done null
	ROWS
}

# Of these, on i686 as well or instead: two GiB of addresses are soon full, of what a thread and the end of a
# process need, too; and what is no block of the heap is looked at by its address.
narrow() {
	cat <<-'ROWS'
		reservehog-middle done|crashed null|6
		reservehog-load out_of_memory|crashed null|6
		threadflood limit|crashed null|11
		virtualhog-load out_of_memory|done null
		wildfree crashed 11
	ROWS
}

# row TABLE NAME: the line for that name, for its misdeed in that phase, or for its misdeed.
row() {
	local name=${2#hostile-}
	"$1" | grep -m 1 "^$name " || "$1" | grep -m 1 "^${name%-*} "
}

# What the table says of one expert: $verdict, $signal, $phase and $events.
expect() {
	local misdeed=${1%-*} when=${1##*-} row
	row=$(table | grep "^$misdeed ") || return 1
	read -r _ verdict signal <<<"$row"
	signal=${signal:-null}
	events=3
	case $when in
	load) phase=load events=0 ;;
	register) phase=Register events=0 ;;
	first) phase=Run events=0 ;;
	unload) phase='after Run' ;;
	*) phase=Run ;;
	esac
	[ "$verdict" != done ] || phase='after Run'
	case $misdeed-$when in
	hugeevent-*) events=4 ;;
	millionevents-*) events=$EVENT_LIMIT phase='after Run' ;;
	closefds-*) phase='after Run' ;; # nobody hears it any more, and it ends of itself
	memoryhog-load) # too little is left to run it at all
		verdict='host_failed|out_of_memory' phase='start|load' ;;
	esac
}

# One line for the whole end record, or several when there are several.
record() {
	jq -r 'select(.event_type == "expert_end" and .expert.name == "'"$1"'").expert
		| [.verdict, .signal // "null", .phase, .events] | join(" / ")' "$2"
}

# Everything in a JSON report but what is of the expert $1, and the last line,
# which counts it.
others() {
	grep -v -e "\"name\":\"$1\"" -e '"event_type":"run_end"' "$2"
}
