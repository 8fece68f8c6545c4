# SPDX-License-Identifier: MIT
# Completion of netmon for fish: `netmon complete` knows what may stand where.

function __netmon_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case :files :folders
                # Behind "--output=" the path begins.
                set -l lead (string match -r -- '^--[^=]*=' "$current"; or echo)
                set -l path (string replace -r -- '^--[^=]*=' '' "$current")
                if test $line = :folders
                    printf '%s\n' $lead(__fish_complete_directories "$path" '')
                else
                    printf '%s\n' $lead(__fish_complete_path "$path")
                end
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c netmon -f -a '(__netmon_complete)'
