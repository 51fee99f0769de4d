"""The national algorithms in one place: SM2 (GM/T 0003, GB/T 32918), SM3 (GM/T 0004) and SM4 (GM/T 0002)."""
