# SPDX-License-Identifier: MIT
# Completion of netmon for bash: `netmon complete` knows what may stand where.

# _netmon_paths -f|-d WORD: files, or folders, that begin like it.
_netmon_paths()
{
	compopt -o filenames
	mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen "$1" -- "$2")
}

_netmon()
{
	local line=${COMP_LINE:0:COMP_POINT} cur cut word
	local -a words

	read -ra words <<<"$line"
	[[ $line == *[[:space:]] ]] && words+=('')
	cur=${words[-1]}
	# Bash replaces what stands behind the last of its word breaks.
	cut=${cur%"${cur##*[=:]}"}
	[[ $COMP_WORDBREAKS == *:* || $cut != *: ]] || cut=${cut%"${cut##*=}"}
	[[ $COMP_WORDBREAKS == *=* || $cut != *= ]] || cut=
	COMPREPLY=()
	while IFS=$'\t' read -r word _; do
		case $word in
		:files) _netmon_paths -f "${cur#"$cut"}" ;;
		:folders) _netmon_paths -d "${cur#"$cut"}" ;;
		*)
			COMPREPLY+=("${word#"$cut"}")
			[[ $word != *= ]] || compopt -o nospace
			;;
		esac
	done < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _netmon netmon
