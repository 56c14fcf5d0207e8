"""Whole folders of clips: found, worked through by several processes, summed up.

    folder -> clips -> jobs -> (workers: one record per clip) -> summary, index, manifest

Everything about one clip lies in its own result folder and ends with a record.
A clip is done exactly when its record says so; all else is made from records.
"""
